import { afterEach, expect, test, vi } from 'vitest';
import { type DevBroker, startDevBroker } from '../../src/index.js';
import { disconnection, lose } from '../support/lose.js';
import { RawClient } from '../support/raw-client.js';

const will = { topic: 'last/words', payload: Buffer.from('gone'), qos: 1, retain: false } as const;
const delayed = (willDelayInterval: number, sessionExpiryInterval: number) => ({
  clientId: 'mortal',
  clean: false,
  will: { ...will, properties: { willDelayInterval } },
  properties: { sessionExpiryInterval },
});

afterEach(() => {
  vi.useRealTimers();
});

async function listenTo(broker: DevBroker, topic: string): Promise<RawClient> {
  const client = await RawClient.connect(broker);
  await client.subscribe(topic, { qos: 1 });
  return client;
}

test('the will is published with its properties when the connection is lost', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  await using client = await RawClient.connect(broker, {
    will: { ...will, properties: { contentType: 'text/plain', userProperties: { why: 'test' } } },
  });
  await client.cut();
  const message = await heir.next('publish');
  expect(message).toMatchObject({ topic: 'last/words', qos: 1, payload: Buffer.from('gone') });
  expect(message.properties?.contentType).toBe('text/plain');
  expect({ ...message.properties?.userProperties }).toEqual({ why: 'test' });
});

test('the will is published after a protocol error and after DISCONNECT with 0x04', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  await using rude = await RawClient.connect(broker, { will });
  rude.publish('not/#');
  expect(await heir.message()).toBe('gone');
  await using asking = await RawClient.connect(broker, { will });
  asking.send({ cmd: 'disconnect', reasonCode: 4 });
  expect(await heir.message()).toBe('gone');
});

test('a plain DISCONNECT drops the will', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  await using client = await RawClient.connect(broker, { will });
  client.send({ cmd: 'disconnect', reasonCode: 0 });
  await client.closed;
  await heir.ping();
});

test('a retained will is kept for later subscribers', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, { clientId: 'c', will: { ...will, retain: true } });
  await lose(broker, client, 'c');
  await using heir = await listenTo(broker, 'last/words');
  expect(await heir.next('publish')).toMatchObject({ retain: true, payload: Buffer.from('gone') });
});

test('a will with a delay waits, and is dropped when its client comes back in time', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  await using client = await RawClient.connect(broker, delayed(10, 100));
  await lose(broker, client, 'mortal');
  await vi.advanceTimersByTimeAsync(9_000);
  await heir.ping();
  await using back = await RawClient.connect(broker, delayed(10, 100));
  await vi.advanceTimersByTimeAsync(60_000);
  await heir.ping();
  await lose(broker, back, 'mortal');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await heir.message()).toBe('gone');
});

test("the will's own lifetime begins when it is published", async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  await using client = await RawClient.connect(broker, {
    ...delayed(10, 100),
    will: { ...will, properties: { willDelayInterval: 10, messageExpiryInterval: 30 } },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await lose(broker, client, 'mortal');
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await heir.next('publish')).properties?.messageExpiryInterval).toBe(30);
});

test('the end of the session publishes the will before its delay has passed', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  await using client = await RawClient.connect(broker, delayed(100, 10));
  await lose(broker, client, 'mortal');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await heir.message()).toBe('gone');
  await vi.advanceTimersByTimeAsync(200_000);
  await heir.ping();
});

test('a clean start ends the old session and with it publishes the waiting will', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  await using client = await RawClient.connect(broker, delayed(100, 100));
  await lose(broker, client, 'mortal');
  await using back = await RawClient.connect(broker, { clientId: 'mortal', clean: true });
  expect(await heir.message()).toBe('gone');
  expect(back.connack.sessionPresent).toBe(false);
});

test('stopping the broker publishes no wills', async () => {
  const broker = await startDevBroker({ port: 0 });
  await using heir = await listenTo(broker, 'last/words');
  await using client = await RawClient.connect(broker, { clientId: 'c', will });
  const gone = disconnection(broker, 'c');
  await broker.stop();
  await gone;
  expect((await heir.next('disconnect')).reasonCode).toBe(0x8b);
  expect((await client.next('disconnect')).reasonCode).toBe(0x8b);
});
