import { afterEach, expect, test, vi } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { RawClient } from '../support/raw-client.js';

afterEach(() => {
  vi.useRealTimers();
});

test('a later subscriber gets the last retained message of each matching topic', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a/1', 'old', { retain: true });
  publisher.publish('a/1', 'new', { retain: true });
  publisher.publish('a/2', 'two', { retain: true });
  publisher.publish('b', 'other', { retain: true });
  publisher.publish('a/3', 'not retained');
  await publisher.ping();
  await using subscriber = await RawClient.connect(broker);
  await subscriber.subscribe('a/+', { id: 4 });
  const first = await subscriber.next('publish');
  expect(first).toMatchObject({ topic: 'a/1', retain: true, payload: Buffer.from('new') });
  expect(first.properties?.subscriptionIdentifier).toBe(4);
  expect(await subscriber.message()).toBe('two');
  await subscriber.ping();
});

test('an empty payload forgets the topic', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.publish('a', 'x', { retain: true });
  client.publish('a', '', { retain: true });
  await client.subscribe('a');
  await client.ping();
});

test('retain handling: 0 always, 1 for a new subscription, 2 never', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.publish('a', 'x', { retain: true });
  await client.subscribe('a', { rh: 2 });
  await client.ping();
  await client.subscribe('a', { rh: 1 });
  await client.ping();
  await client.subscribe('a', { rh: 0 });
  expect(await client.message()).toBe('x');
  await client.subscribe('+', { rh: 1 });
  expect(await client.message()).toBe('x');
});

test('the retain flag reaches existing subscribers only when they ask for it', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using plain = await RawClient.connect(broker);
  await plain.subscribe('a');
  await using asking = await RawClient.connect(broker);
  await asking.subscribe('a', { rap: true });
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'x', { retain: true });
  expect([(await plain.next('publish')).retain, (await asking.next('publish')).retain]).toEqual([
    false,
    true,
  ]);
});

test('a retained message that has expired is gone', async () => {
  await using broker = await startDevBroker({ port: 0 });
  vi.useFakeTimers({ toFake: ['Date'] });
  await using client = await RawClient.connect(broker);
  client.publish('a', 'x', { retain: true, properties: { messageExpiryInterval: 10 } });
  await client.ping();
  vi.setSystemTime(Date.now() + 4_000);
  await client.subscribe('a');
  expect((await client.next('publish')).properties?.messageExpiryInterval).toBe(6);
  vi.setSystemTime(Date.now() + 6_000);
  await client.subscribe('a');
  await client.ping();
});
