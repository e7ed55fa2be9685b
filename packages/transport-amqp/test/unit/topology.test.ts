import type { SubscriptionSpec } from '@intersect-sdk/transport';
import type { Channel } from 'amqplib';
import { expect, test } from 'vitest';
import { ensureQueue } from '../../src/connection/topology.js';

/** What a queue is declared with for a subscription of this retention. */
async function declaredFor(retention: SubscriptionSpec['retention']): Promise<object | undefined> {
  let declared: object | undefined;
  const channel = {
    assertQueue: async (queue: string, options: object) => {
      declared = options;
      return { queue };
    },
    bindQueue: async () => {},
  } as unknown as Channel;
  const session = { id: 'test', keepForMs: 1_000, keepAfterClose: false };
  const spec: SubscriptionSpec = {
    id: '1',
    channel: 'a/b',
    retention,
    concurrency: 1,
    deliver: async () => true,
  };
  await ensureQueue(channel, { exchange: 'e', isRoot: true, session }, { spec, name: 'queue' });
  return declared;
}

test("a session's queue has one consumer at a time: beside a lost one that the broker takes for alive, order would break", async () => {
  expect(await declaredFor('session')).toMatchObject({ arguments: { 'x-single-active-consumer': true } });
});

test('a durable queue has no argument: the broker refuses one that another SDK declared without', async () => {
  expect(await declaredFor('durable')).toEqual({ durable: true });
});
