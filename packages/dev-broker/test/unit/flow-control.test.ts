import { afterEach, expect, test, vi } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { lose } from '../support/lose.js';
import { RawClient } from '../support/raw-client.js';
import { recordingLogger } from '../support/recording-logger.js';

afterEach(() => {
  vi.useRealTimers();
});

test('no more unacknowledged messages than the receive maximum of the client', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, { properties: { receiveMaximum: 2 } });
  await client.subscribe('a', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  for (const text of ['1', '2', '3', '4']) publisher.publish('a', text, { qos: 1, messageId: 1 });
  for (let acks = 0; acks < 4; acks++) await publisher.next('puback');
  const first = await client.next('publish');
  expect(await client.message()).toBe('2');
  await client.ping();
  client.send({ cmd: 'puback', messageId: first.messageId ?? 0, reasonCode: 0 });
  expect(await client.message()).toBe('3');
  await client.ping();
});

test('a full receive maximum does not hold back QoS 2 releases, and an error in PUBREC frees its place', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, { properties: { receiveMaximum: 1 } });
  await client.subscribe('a', { qos: 2 });
  await using publisher = await RawClient.connect(broker);
  for (const messageId of [1, 2, 3]) publisher.publish('a', `${messageId}`, { qos: 2, messageId });
  const first = (await client.next('publish')).messageId ?? 0;
  client.send({ cmd: 'pubrec', messageId: first, reasonCode: 0 });
  await client.next('pubrel');
  await client.ping();
  client.send({ cmd: 'pubcomp', messageId: first, reasonCode: 0 });
  const second = (await client.next('publish')).messageId ?? 0;
  client.send({ cmd: 'pubrec', messageId: second, reasonCode: 0x83 });
  expect(await client.message()).toBe('3');
});

test('too many unreleased QoS 2 messages from one client end its connection with 0x93', async () => {
  await using broker = await startDevBroker({ port: 0, limits: { receiveMaximum: 2 } });
  await using subscriber = await RawClient.connect(broker);
  await subscriber.subscribe('a');
  await using client = await RawClient.connect(broker);
  expect(client.connack.properties?.receiveMaximum).toBe(2);
  for (const messageId of [1, 2, 3]) client.publish('a', 'x', { qos: 2, messageId });
  await client.next('pubrec');
  await client.next('pubrec');
  expect((await client.next('disconnect')).reasonCode).toBe(0x93);
});

test('a message larger than the client takes is left out, and the next one comes', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, logger });
  await using client = await RawClient.connect(broker, {
    properties: { maximumPacketSize: 100, receiveMaximum: 1 },
  });
  await client.subscribe('a', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'x'.repeat(200), { qos: 1, messageId: 1 });
  publisher.publish('a', 'small', { qos: 1, messageId: 2 });
  expect(await client.message()).toBe('small');
  expect(logger.lines.map(({ message }) => message)).toContain('message too large for its subscriber');
});

test('a packet over the limit of the broker ends the connection with 0x95 before it is read', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, limits: { packetBytes: 1000 }, logger });
  await using client = await RawClient.connect(broker);
  expect(client.connack.properties?.maximumPacketSize).toBe(1000);
  client.publish('a', 'x'.repeat(900), { qos: 1, messageId: 1 });
  await client.next('puback');
  client.socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
  expect((await client.next('disconnect')).reasonCode).toBe(0x95);
  expect(logger.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'A packet of 268435460 bytes is over the limit' }),
  );
});

test('a client may name a topic by its alias', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe('#');
  await using publisher = await RawClient.connect(broker);
  publisher.publish('long/topic', '1', { properties: { topicAlias: 3 } });
  publisher.publish('', '2', { properties: { topicAlias: 3 } });
  publisher.publish('other', '3', { properties: { topicAlias: 3 } });
  publisher.publish('', '4', { properties: { topicAlias: 3, contentType: 'text/plain' } });
  for (const expected of [
    ['long/topic', '1', undefined],
    ['long/topic', '2', undefined],
    ['other', '3', undefined],
    ['other', '4', 'text/plain'],
  ]) {
    const { topic, payload, properties } = await client.next('publish');
    expect([topic, payload.toString(), properties?.contentType]).toEqual(expected);
    expect(properties?.topicAlias).toBe(undefined);
  }
});

test.each([
  ['0', { topic: 'a', topicAlias: 0 }, 0x94],
  ['over the maximum', { topic: 'a', topicAlias: 17 }, 0x94],
  ['never given', { topic: '', topicAlias: 1 }, 0x82],
])('a topic alias that is %s ends the connection', async (_what, { topic, topicAlias }, reasonCode) => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.publish(topic, 'x', { properties: { topicAlias } });
  expect((await client.next('disconnect')).reasonCode).toBe(reasonCode);
});

test('a client that takes aliases gets as many as it takes', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, { properties: { topicAliasMaximum: 1 } });
  await client.subscribe('#');
  for (const topic of ['a', 'a', 'b']) client.publish(topic);
  const got = [await client.next('publish'), await client.next('publish'), await client.next('publish')];
  expect(got.map(({ topic, properties }) => [topic, properties?.topicAlias])).toEqual([
    ['a', 1],
    ['', 1],
    ['b', undefined],
  ]);
});

test('a waiting message loses lifetime, and is dropped at the end of it', async () => {
  await using broker = await startDevBroker({ port: 0 });
  vi.useFakeTimers({ toFake: ['Date'] });
  const durable = { clientId: 'd', clean: false, properties: { sessionExpiryInterval: 100 } };
  await using client = await RawClient.connect(broker, durable);
  await client.subscribe('a', { qos: 1 });
  await lose(broker, client, 'd');
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'short', { qos: 1, messageId: 1, properties: { messageExpiryInterval: 5 } });
  publisher.publish('a', 'long', { qos: 1, messageId: 1, properties: { messageExpiryInterval: 50 } });
  publisher.publish('a', 'ever', { qos: 1, messageId: 1 });
  for (let acks = 0; acks < 3; acks++) await publisher.next('puback');
  vi.setSystemTime(Date.now() + 10_000);
  await using back = await RawClient.connect(broker, durable);
  const long = await back.next('publish');
  expect([long.payload.toString(), long.properties?.messageExpiryInterval]).toEqual(['long', 40]);
  const ever = await back.next('publish');
  expect([ever.payload.toString(), ever.properties?.messageExpiryInterval]).toEqual(['ever', undefined]);
});
