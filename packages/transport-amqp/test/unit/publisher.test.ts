import type { ConfirmChannel } from 'amqplib';
import { expect, test } from 'vitest';
import { Publisher } from '../../src/out/publisher.js';
import { message } from '../support/links.js';

interface Properties {
  readonly deliveryMode: number;
  readonly mandatory: boolean;
  readonly expiration: string | undefined;
}

function setUp() {
  const published: Properties[] = [];
  const channel = {
    on: () => channel,
    publish: (...[, , , properties, confirm]: [string, string, Buffer, Properties, () => void]) => {
      published.push(properties);
      queueMicrotask(confirm);
      return true;
    },
  } as unknown as ConfirmChannel;
  const never = (): never => {
    throw new Error('The channel did not fail.');
  };
  const publisher = new Publisher(
    { exchange: 'e', at: 'host:5672', openChannel: never, fail: never },
    channel,
  );
  return { publisher, published };
}

test('a durable message survives a restart of the broker (delivery mode 2), another one need not', async () => {
  const { publisher, published } = setUp();
  await publisher.publish(message('a/b'), { durable: true });
  await publisher.publish(message('a/b'), { durable: false });
  expect(published.map(({ deliveryMode }) => deliveryMode)).toEqual([2, 1]);
  // The broker gives back what no queue takes, in either case.
  expect(published.map(({ mandatory }) => mandatory)).toEqual([true, true]);
});

test('a message that expires says so in whole ms, and any other one has no end', async () => {
  const { publisher, published } = setUp();
  await publisher.publish(message('a/b'), { durable: true, expiresAfterMs: 1_500.2 });
  await publisher.publish(message('a/b'), { durable: true, expiresAfterMs: Number.POSITIVE_INFINITY });
  await publisher.publish(message('a/b'), { durable: true });
  expect(published.map(({ expiration }) => expiration)).toEqual(['1501', '4294967295', undefined]);
});
