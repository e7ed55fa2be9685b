import type { SubscriptionSpec } from '@intersect-sdk/transport';
import type { Channel, ConsumeMessage } from 'amqplib';
import { expect, test } from 'vitest';
import { Consumer } from '../../src/in/consumer.js';

/** A channel that writes down what is asked of the broker, and delivers when told. */
function fakeChannel() {
  const asked: string[] = [];
  let deliver!: (message: ConsumeMessage) => void;
  const channel = {
    on: () => channel,
    prefetch: async (count: number) => void asked.push(`prefetch ${count}`),
    consume: async (_queue: string, onMessage: typeof deliver) => {
      deliver = onMessage;
      return { consumerTag: 'tag' };
    },
    ack: ({ fields }: ConsumeMessage, andAllBefore: boolean) =>
      void asked.push(`ack ${andAllBefore ? 'up to ' : ''}${fields.deliveryTag}`),
    cancel: async () => void asked.push('cancel'),
    close: async () => void asked.push('close'),
  };
  const delivered = (deliveryTag: number): void =>
    deliver({
      fields: { deliveryTag, redelivered: false, routingKey: 'a.b' },
      properties: {},
      content: Buffer.alloc(0),
    } as unknown as ConsumeMessage);
  return { asked, delivered, channel: channel as unknown as Channel };
}

test('what was handled is acknowledged before the broker is asked to end the delivery', async () => {
  const { asked, delivered, channel } = fakeChannel();
  const handled: Promise<boolean>[] = [];
  const spec: SubscriptionSpec = {
    id: 'test',
    channel: 'a/b',
    retention: 'durable',
    concurrency: 10,
    deliver: () => {
      const done = Promise.resolve(true);
      handled.push(done);
      return done;
    },
  };
  const consumer = await Consumer.start(channel, { spec, queue: 'queue', lost: () => {} });
  for (const tag of [1, 2, 3]) delivered(tag);
  await Promise.all(handled);
  await consumer.stop({ deleteQueue: false });
  expect(asked).toEqual(['prefetch 10', 'ack up to 3', 'cancel', 'close']);
});
