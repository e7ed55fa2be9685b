import { afterEach, expect, test, vi } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { lose } from '../support/lose.js';
import { RawClient } from '../support/raw-client.js';

const durable = { clientId: 'durable', clean: false, properties: { sessionExpiryInterval: 100 } };

afterEach(() => {
  vi.useRealTimers();
});

test('QoS 1 and 2 messages sent while the client is away come after it is back, QoS 0 ones do not', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, durable);
  expect(client.connack.sessionPresent).toBe(false);
  await client.subscribe('a', { qos: 2 });
  await lose(broker, client, 'durable');
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'one', { qos: 1, messageId: 1 });
  publisher.publish('a', 'zero', { qos: 0 });
  publisher.publish('a', 'two', { qos: 2, messageId: 2 });
  expect((await publisher.next('puback')).reasonCode).toBe(0);
  expect((await publisher.next('pubrec')).reasonCode).toBe(0);

  await using back = await RawClient.connect(broker, durable);
  expect(back.connack.sessionPresent).toBe(true);
  expect(await back.next('publish')).toMatchObject({ qos: 1, dup: false, payload: Buffer.from('one') });
  expect(await back.next('publish')).toMatchObject({ qos: 2, dup: false, payload: Buffer.from('two') });
  await back.ping();
});

test('unacknowledged messages come again with DUP, in order and under their identifiers', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, durable);
  await client.subscribe('a', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  for (const text of ['1', '2', '3']) publisher.publish('a', text, { qos: 1, messageId: 1 });
  const first = [await client.next('publish'), await client.next('publish'), await client.next('publish')];
  client.send({ cmd: 'puback', messageId: first[1]?.messageId ?? 0, reasonCode: 0 });
  await client.ping();
  await lose(broker, client, 'durable');
  publisher.publish('a', '4', { qos: 1, messageId: 1 });
  for (let acks = 0; acks < 4; acks++) await publisher.next('puback');

  await using back = await RawClient.connect(broker, durable);
  const again = [await back.next('publish'), await back.next('publish'), await back.next('publish')];
  expect(again.map(({ payload, dup, messageId }) => [payload.toString(), dup, messageId])).toEqual([
    ['1', true, first[0]?.messageId],
    ['3', true, first[2]?.messageId],
    ['4', false, 4],
  ]);
});

test('a smaller receive maximum after the reconnect holds back what was in flight', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, durable);
  await client.subscribe('a', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  for (const text of ['1', '2', '3']) publisher.publish('a', text, { qos: 1, messageId: 1 });
  for (const text of ['1', '2', '3']) expect(await client.message()).toBe(text);
  await lose(broker, client, 'durable');
  await using back = await RawClient.connect(broker, {
    ...durable,
    properties: { ...durable.properties, receiveMaximum: 1 },
  });
  const first = await back.next('publish');
  await back.ping();
  back.send({ cmd: 'puback', messageId: first.messageId ?? 0, reasonCode: 0 });
  expect(await back.next('publish')).toMatchObject({ dup: true, payload: Buffer.from('2') });
});

test('a released QoS 2 message comes back as PUBREL, not as PUBLISH', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, durable);
  await client.subscribe('a', { qos: 2 });
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'x', { qos: 2, messageId: 1 });
  const { messageId = 0 } = await client.next('publish');
  client.send({ cmd: 'pubrec', messageId, reasonCode: 0 });
  await client.next('pubrel');
  await lose(broker, client, 'durable');
  await using back = await RawClient.connect(broker, durable);
  expect((await back.next('pubrel')).messageId).toBe(messageId);
  back.send({ cmd: 'pubcomp', messageId, reasonCode: 0 });
  await back.ping();
});

test("the publisher's QoS 2 state survives its reconnect: no second delivery", async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using subscriber = await RawClient.connect(broker);
  await subscriber.subscribe('a');
  await using publisher = await RawClient.connect(broker, durable);
  publisher.publish('a', 'x', { qos: 2, messageId: 8 });
  await publisher.next('pubrec');
  await lose(broker, publisher, 'durable');
  await using back = await RawClient.connect(broker, durable);
  back.publish('a', 'x', { qos: 2, messageId: 8, dup: true });
  await back.next('pubrec');
  expect(await subscriber.message()).toBe('x');
  await subscriber.ping();
});

test('clean start forgets the session', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, durable);
  await client.subscribe('a', { qos: 1 });
  await lose(broker, client, 'durable');
  await using back = await RawClient.connect(broker, { ...durable, clean: true });
  expect(back.connack.sessionPresent).toBe(false);
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'x', { qos: 1, messageId: 1 });
  expect((await publisher.next('puback')).reasonCode).toBe(0x10);
});

test('a session without expiry ends with its connection, clean start or not', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, { clientId: 'brief', clean: false });
  await client.subscribe('a', { qos: 1 });
  await lose(broker, client, 'brief');
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'x', { qos: 1, messageId: 1 });
  expect((await publisher.next('puback')).reasonCode).toBe(0x10);
  await using back = await RawClient.connect(broker, { clientId: 'brief', clean: false });
  expect(back.connack.sessionPresent).toBe(false);
});

test('a session ends when its expiry interval has passed', async () => {
  await using broker = await startDevBroker({ port: 0 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  for (const [awayMs, present] of [
    [99_000, true],
    [101_000, false],
  ] as const) {
    await using client = await RawClient.connect(broker, durable);
    await lose(broker, client, 'durable');
    await vi.advanceTimersByTimeAsync(awayMs);
    await using back = await RawClient.connect(broker, durable);
    expect(back.connack.sessionPresent).toBe(present);
    await lose(broker, back, 'durable');
  }
});

test('DISCONNECT can shorten the expiry, and can not give one to a session without', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, durable);
  client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
  await client.closed;
  await using back = await RawClient.connect(broker, { clientId: 'durable', clean: false });
  expect(back.connack.sessionPresent).toBe(false);
  back.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 5 } });
  expect((await back.next('disconnect')).reasonCode).toBe(0x82);
});

test('a second connection with the same client identifier takes the session over', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using first = await RawClient.connect(broker, durable);
  await first.subscribe('a', { qos: 1 });
  await using second = await RawClient.connect(broker, durable);
  expect((await first.next('disconnect')).reasonCode).toBe(0x8e);
  await first.closed;
  expect(second.connack.sessionPresent).toBe(true);
  second.publish('a', 'mine', { qos: 0 });
  expect(await second.message()).toBe('mine');
  expect(broker.connections.map(({ clientId }) => clientId)).toEqual(['durable']);
});
