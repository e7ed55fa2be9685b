import type { IntersectClientConfig, Observation, Report } from '@intersect-sdk/client';
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { conversingClient, message } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { Collected } from './support.js';

const ABSENT = 'org.fac.sys.-.absent';
const toAbsent = { ...message('echo', 'are you there?'), destination: ABSENT };
const retry = { attempts: 1_000, minDelayMs: 1, maxDelayMs: 1 };
/** So long that a test which waited for the second try would never end. */
const longWait = { attempts: 3, minDelayMs: 2_000_000_000, maxDelayMs: 2_000_000_000 };

let broker: MemoryBroker;
let reports: Collected<Report>;
/** The further tries that were seen. */
let retried: Collected<Observation>;
/** What callbacks were told. */
let heard: Collected<string>;

beforeEach(() => {
  broker = new MemoryBroker();
  reports = new Collected();
  retried = new Collected();
  heard = new Collected();
});

/** A client that sends to the absent service first, or once its first message is answered. */
function newClient(when: 'first' | 'next', config: Partial<IntersectClientConfig>) {
  const asks = { messagesToSend: [toAbsent] };
  const onMessage = (seen: Observation): void => {
    if (seen.kind === 'retried') retried.add(seen);
  };
  return conversingClient(
    { broker, reports },
    {
      initial: when === 'first' ? asks : { messagesToSend: [message('echo', 'begin')] },
      config: { ...config, observers: [{ onMessage }] },
      onResponse: (...args) => {
        const [source, , hasError, payload, { error }] = args;
        if (source === ADDRESS) return asks;
        const { code } = (error ?? {}) as { code?: string };
        heard.add(hasError ? `failed: ${code}` : `answered: ${payload}`);
        return undefined;
      },
    },
  );
}

const present = () => FakeService.start(broker, { 'Fake.echo': echo });
const absentComes = () => FakeService.start(broker, { 'Fake.echo': echo }, ABSENT);

describe.each(['first', 'next'] as const)('a message that reaches no one, among the %s ones', (when) => {
  test('is repeated until the service is there, and the callback is told once', async () => {
    await using _present = await present();
    await using client = newClient(when, { retry });
    await client.startup();
    const tries = await retried.reach(2);
    expect(tries[0]).toMatchObject({ operation: 'Fake.echo', outcome: 'UNROUTABLE', attempt: 2 });
    await using service = await absentComes();
    expect(await heard.reach(1)).toEqual(['answered: are you there?']);
    expect(service.received).toHaveLength(1);
    await client.shutdown();
    expect(heard.all).toHaveLength(1);
  });

  test('comes to the callback after its last try', async () => {
    await using _present = await present();
    await using client = newClient(when, { retry: { ...retry, attempts: 3 } });
    await client.startup();
    expect(await heard.reach(1)).toEqual(['failed: UNROUTABLE']);
    expect(retried.all.map(({ attempt }) => attempt)).toEqual([2, 3]);
  });
});

test('startup does not wait for the second try, and after the shutdown there is none', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const drawn = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const client = newClient('first', { retry: longWait });
  await client.startup();
  expect(drawn, 'the second try waits for its time').toHaveBeenCalledOnce();
  await client.shutdown();
  await client.untilFinished();
  expect(vi.getTimerCount()).toBe(0);
  await using service = await absentComes();
  await vi.advanceTimersByTimeAsync(3 * longWait.maxDelayMs);
  expect(retried.all).toEqual([]);
  expect(service.received).toEqual([]);
  expect(heard.all, 'no callback is called after the shutdown').toEqual([]);
});

test('a message for which there is no place now is sent once there is', async () => {
  await using _present = await present();
  const asks = { messagesToSend: [message('echo', 1), message('echo', 2)] };
  const answers = new Collected<unknown>();
  await using client = conversingClient(
    { broker, reports },
    {
      initial: asks,
      config: { retry, maxPendingRequests: 1 },
      onResponse: (...args) => answers.add(args[3]),
    },
  );
  await client.startup();
  expect([...(await answers.reach(2))].sort()).toEqual([1, 2]);
});

describe('with terminateAfterInitialMessages, a message that reaches no one', () => {
  const config = { terminateAfterInitialMessages: true };

  test('is repeated in the background, and the client is finished once a broker has it', async () => {
    await using client = newClient('first', { ...config, retry });
    await client.startup();
    const finished = client.untilFinished();
    const tries = await retried.reach(2);
    expect(tries[0]).toMatchObject({ operation: 'Fake.echo', outcome: 'UNROUTABLE', attempt: 2 });
    await using service = await absentComes();
    await finished;
    expect(service.received).toHaveLength(1);
  });

  test('ends the client with the reason after its last try', async () => {
    await using client = newClient('first', { ...config, retry: { ...retry, attempts: 2 } });
    await client.startup();
    await expect(client.untilFinished()).rejects.toMatchObject({ code: 'UNROUTABLE' });
    expect(retried.all).toHaveLength(1);
  });

  test('is given up at shutdown, and that is said', async () => {
    const client = newClient('first', { ...config, retry: longWait });
    await client.startup();
    await client.shutdown();
    await expect(client.untilFinished()).rejects.toMatchObject({ code: 'UNROUTABLE' });
    expect(retried.all).toEqual([]);
    await using service = await absentComes();
    expect(service.received).toEqual([]);
  });

  test.each([[undefined], [{ ...retry, attempts: 1 }]])(
    'makes startup reject where it is not repeated: %o',
    async (notRepeated) => {
      await using client = newClient('first', { ...config, ...(notRepeated && { retry: notRepeated }) });
      await expect(client.startup()).rejects.toMatchObject({ code: 'UNROUTABLE' });
    },
  );

  test('is sent again after the signal of the startup, which is over, has aborted', async () => {
    const starting = new AbortController();
    await using client = newClient('first', { ...config, retry });
    await client.startup({ signal: starting.signal });
    starting.abort();
    await retried.reach(retried.all.length + 1);
    await using service = await absentComes();
    await client.untilFinished();
    expect(service.received).toHaveLength(1);
  });
});
