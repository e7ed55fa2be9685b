import { expect, test } from 'vitest';
import type { SubscriptionSpec } from '../../src/index.js';
import { DeliveryQueue } from '../../src/internal.js';
import { message } from './set-up.js';

interface Gate {
  readonly text: string;
  end(handled: boolean): void;
}

function setUp(concurrency: number) {
  const gates: Gate[] = [];
  const settled: [text: string, handled: boolean][] = [];
  const spec: SubscriptionSpec = {
    id: 'one',
    channel: 'a',
    retention: 'none',
    concurrency,
    deliver: ({ headers: { message_id: text = '' } }) =>
      new Promise((end) => {
        gates.push({ text, end });
      }),
  };
  const receiver = new DeliveryQueue<string>(spec, (slot, handled) => settled.push([slot, handled]));
  const take = (text: string): void =>
    receiver.take({ message: message('a', text), info: { redelivered: false }, slot: text });
  return { receiver, gates, settled, take };
}

test('hands over in order, no more at once than the concurrency, and settles each', async () => {
  const { receiver, gates, settled, take } = setUp(2);
  for (const text of ['1', '2', '3', '4']) take(text);
  expect([gates.map(({ text }) => text), receiver.running, receiver.waiting]).toEqual([['1', '2'], 2, 2]);
  gates[1]?.end(true);
  await expect.poll(() => gates.length).toBe(3);
  gates[0]?.end(false);
  await expect.poll(() => gates.length).toBe(4);
  for (const gate of gates) gate.end(true);
  await receiver.idle();
  expect(gates.map(({ text }) => text)).toEqual(['1', '2', '3', '4']);
  expect(settled).toEqual([
    ['2', true],
    ['1', false],
    ['3', true],
    ['4', true],
  ]);
});

test('stop answers what was not handed over, and what is with the handler is settled', async () => {
  const { receiver, gates, settled, take } = setUp(1);
  for (const text of ['1', '2', '3']) take(text);
  expect(receiver.stop().map(({ slot }) => slot)).toEqual(['2', '3']);
  const idle = receiver.idle();
  gates[0]?.end(true);
  await idle;
  expect(settled).toEqual([['1', true]]);
  expect(gates).toHaveLength(1);
});
