// What is given to the client is sent as it was then, whatever becomes of it afterwards.
import type { IntersectClientCallback } from '@intersect-sdk/client';
import { expect, test } from 'vitest';
import { askingClient, conversingClient, message, withAnswer } from './conversing.js';
import { echo, FakeService } from './fake-service.js';
import { Collected } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const BYTES = 'application/octet-stream';
test.each([
  ['bytes', (n: number, kept: Uint8Array) => kept.fill(n), { contentType: BYTES }],
  ['JSON', (n: number, kept: Uint8Array) => Object.assign([...kept], { 0: n }), {}],
])('a request that waits for the connection: %s', async (_, fill, more) => {
  await using service = await FakeService.start(broker, { 'Fake.echo': echo });
  await using client = askingClient({ broker, reports }, {});
  await client.startup();
  broker.refuse(true);
  broker.sever('client');
  const kept = new Uint8Array(1);
  const asked = [1, 2, 3].map((n) => client.request(message('echo', fill(n, kept), more)));
  kept.fill(99);
  broker.refuse(false);
  expect((await Promise.all(asked)).map((answer) => (answer as ArrayLike<number>)[0])).toEqual([1, 2, 3]);
  expect(service.received).toHaveLength(3);
});

test('a request that is repeated', async () => {
  await using client = askingClient(
    { broker, reports },
    { retry: { attempts: 1000, minDelayMs: 0, maxDelayMs: 1 } },
  );
  await client.startup();
  const kept = Uint8Array.of(1);
  const asked = client.request(message('echo', kept, { contentType: BYTES }));
  kept.fill(99);
  await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
  expect(await asked).toEqual(Uint8Array.of(1));
});

test.each([
  ['at once', (next: IntersectClientCallback) => next],
  ['later', async (next: IntersectClientCallback) => next],
])('what a callback says to send next, in an object that it keeps: %s', async (_, give) => {
  await using service = await FakeService.start(broker, { 'Fake.echo': echo });
  const next = { messagesToSend: [message('echo', { n: 0 })] };
  const many = Array.from({ length: 12 }, () => message('echo', 'begin'));
  const answers = new Collected<number>();
  let n = 0;
  await using client = conversingClient(
    { broker, reports },
    {
      initial: { messagesToSend: many },
      onResponse: withAnswer((payload) => {
        if (payload !== 'begin') {
          answers.add((payload as { n: number }).n);
          return undefined;
        }
        n += 1;
        next.messagesToSend[0] = message('echo', { n });
        return give(next);
      }),
    },
  );
  await client.startup();
  const sent = [...(await answers.reach(12))].sort((a, b) => a - b);
  expect(sent).toEqual(Array.from({ length: 12 }, (_unused, index) => index + 1));
  expect(service.received).toHaveLength(24);
});
