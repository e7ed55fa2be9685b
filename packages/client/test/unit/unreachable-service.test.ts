import { describe, expect, test } from 'vitest';
import { conversingClient, message } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { Collected } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const ABSENT = 'org.fac.sys.-.absent';
const bad = { ...message('echo', 'is anybody there?'), destination: ABSENT };
const good = message('echo', 'hello');

/** A client that sends these first, or once its first message is answered; what its callback heard, or why it ended before. */
async function heardOf(messages: readonly object[], when: 'first' | 'next'): Promise<readonly string[]> {
  await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
  const heard = new Collected<string>();
  const next = { messagesToSend: messages as (typeof good)[] };
  let begun = when === 'first';
  await using client = conversingClient(
    { broker, reports },
    {
      initial: when === 'first' ? next : { messagesToSend: [message('echo', 'begin')] },
      onResponse: (...args) => {
        const [source, , hasError, , { error }] = args;
        if (!begun) {
          begun = true;
          return next;
        }
        const { code } = (error ?? {}) as { code?: string };
        heard.add(hasError ? `${source} failed: ${code}` : `${source} answered`);
        return undefined;
      },
    },
  );
  const ended = client
    .startup()
    .then(() => client.untilFinished())
    .then(
      () => ['the client ended'],
      ({ code }: { code?: string }) => [`the client ended: ${code}`],
    );
  const outcome = await Promise.race([heard.reach(messages.length), ended]);
  return [...outcome].sort();
}

describe.each(['first', 'next'] as const)(
  'a message to a service that is not there, among the %s ones',
  (when) => {
    test('comes to the callback, with the reason', async () => {
      expect(await heardOf([bad], when)).toEqual([`${ABSENT} failed: UNROUTABLE`]);
    });

    test('leaves the answers to the other messages alone', async () => {
      expect(await heardOf([good, bad], when)).toEqual([
        `${ABSENT} failed: UNROUTABLE`,
        `${ADDRESS} answered`,
      ]);
    });
  },
);
