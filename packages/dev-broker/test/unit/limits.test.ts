import { expect, test } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { disconnection, lose } from '../support/lose.js';
import { RawClient } from '../support/raw-client.js';
import { recordingLogger } from '../support/recording-logger.js';

const durable = (clientId: string) => ({
  clientId,
  clean: false,
  properties: { sessionExpiryInterval: 100 },
});

test('connections: one more is refused with 0x97, a client that takes itself over is not', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, limits: { connections: 2 }, logger });
  await using _one = await RawClient.connect(broker, { clientId: 'one' });
  await using _two = await RawClient.connect(broker, { clientId: 'two' });
  await using three = await RawClient.connect(broker, { clientId: 'three' });
  expect(three.connack.reasonCode).toBe(0x97);
  expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { reasonCode: 0x97 } });
  await using again = await RawClient.connect(broker, { clientId: 'two' });
  expect(again.connack.reasonCode).toBe(0);
});

test('sessions: one more is refused with 0x97, those that exist may come back', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, limits: { sessions: 1 }, logger });
  await using one = await RawClient.connect(broker, durable('one'));
  await lose(broker, one, 'one');
  await using two = await RawClient.connect(broker, durable('two'));
  expect(two.connack.reasonCode).toBe(0x97);
  expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { reasonCode: 0x97 } });
  await using back = await RawClient.connect(broker, durable('one'));
  expect(back.connack).toMatchObject({ reasonCode: 0, sessionPresent: true });
});

test.each([
  ['messages', { queuedMessages: 3 }],
  ['bytes', { queuedBytes: 3 * 1200 }],
])('queued %s: more are dropped, one log line says so, and PUBACK says 0x97', async (_what, limits) => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, limits, logger });
  await using client = await RawClient.connect(broker, durable('slow'));
  await client.subscribe('a', { qos: 1 });
  await lose(broker, client, 'slow');
  await using publisher = await RawClient.connect(broker);
  const codes: number[] = [];
  for (let messageId = 1; messageId <= 5; messageId++) {
    publisher.publish('a', `${messageId}`.padEnd(1000), { qos: 1, messageId });
    codes.push((await publisher.next('puback')).reasonCode ?? 0);
  }
  expect(codes).toEqual([0, 0, 0, 0x97, 0x97]);
  expect(logger.lines.filter(({ message }) => message === 'queue full, messages are dropped')).toHaveLength(
    1,
  );
  await using back = await RawClient.connect(broker, durable('slow'));
  for (const expected of ['1', '2', '3']) {
    const { payload, messageId = 0 } = await back.next('publish');
    expect(payload.toString().trim()).toBe(expected);
    back.send({ cmd: 'puback', messageId, reasonCode: 0 });
  }
  await back.ping();
  publisher.publish('a', 'room again', { qos: 1, messageId: 9 });
  expect(await back.message()).toBe('room again');
});

test('subscriptions: one more gets 0x97 in SUBACK, replacing one is always possible', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, limits: { subscriptions: 2 }, logger });
  await using client = await RawClient.connect(broker);
  const codes: number[] = [];
  for (const filter of ['a', 'b', 'c', 'a']) codes.push(await client.subscribe(filter, { qos: 1 }));
  expect(codes).toEqual([1, 1, 0x97, 1]);
  expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', message: 'too many subscriptions' });
});

test('retained messages: one for a new topic is refused with 0x97', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, limits: { retainedMessages: 1 }, logger });
  await using client = await RawClient.connect(broker);
  const codes: (number | undefined)[] = [];
  for (const [topic, text] of [
    ['a', 'x'],
    ['b', 'x'],
    ['a', 'y'],
    ['a', ''],
    ['b', 'x'],
  ] as const) {
    client.publish(topic, text, { qos: 1, messageId: 1, retain: true });
    codes.push((await client.next('puback')).reasonCode);
  }
  expect(codes).toEqual([0x10, 0x97, 0x10, 0x10, 0x10]);
  expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', message: 'no room for a retained message' });
});

test('a subscriber that does not read costs only itself: others get everything, memory stays bounded', async () => {
  const logger = recordingLogger();
  const limits = { queuedMessages: 20, packetBytes: 1_000_000 };
  await using broker = await startDevBroker({ port: 0, limits, logger });
  await using stuck = await RawClient.connect(broker, { clientId: 'stuck' });
  await stuck.subscribe('a', { qos: 0 });
  stuck.socket.pause();
  await using reader = await RawClient.connect(broker);
  await reader.subscribe('a', { qos: 0 });
  await using publisher = await RawClient.connect(broker);
  const payload = Buffer.alloc(500_000);
  for (let messageId = 1; messageId <= 60; messageId++) {
    publisher.publish('a', payload, { qos: 1, messageId });
    expect((await publisher.next('puback')).reasonCode).toBe(0);
    await reader.next('publish');
  }
  expect(logger.lines).toContainEqual({
    level: 'warn',
    fields: { clientId: 'stuck', stored: 20 },
    message: 'queue full, messages are dropped',
  });
  const gone = disconnection(broker, 'stuck');
  await stuck.cut();
  await gone;
});
