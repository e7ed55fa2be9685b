import { expect, test } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { RawClient } from '../support/raw-client.js';

test.each([
  [0, 2, 0],
  [1, 2, 1],
  [2, 2, 2],
  [2, 1, 1],
  [2, 0, 0],
  [1, 0, 0],
] as const)('published with QoS %i and subscribed with %i arrives with %i', async (sent, asked, expected) => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  expect(await client.subscribe('a', { qos: asked })).toBe(asked);
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'x', { qos: sent, messageId: 7 });
  expect(await client.next('publish')).toMatchObject({ qos: expected, dup: false, retain: false });
});

test('PUBACK and PUBREC say 0x10 when nobody subscribes, and 0 when somebody does', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.publish('a', 'x', { qos: 1, messageId: 1 });
  expect(await client.next('puback')).toMatchObject({ messageId: 1, reasonCode: 0x10 });
  client.publish('a', 'x', { qos: 2, messageId: 2 });
  expect(await client.next('pubrec')).toMatchObject({ messageId: 2, reasonCode: 0x10 });

  await using subscriber = await RawClient.connect(broker);
  await subscriber.subscribe('a');
  client.publish('a', 'x', { qos: 1, messageId: 3 });
  expect(await client.next('puback')).toMatchObject({ messageId: 3, reasonCode: 0 });
});

test('a QoS 2 message that is sent twice is delivered once', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using subscriber = await RawClient.connect(broker);
  await subscriber.subscribe('a');
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'once', { qos: 2, messageId: 5 });
  await publisher.next('pubrec');
  publisher.publish('a', 'once', { qos: 2, messageId: 5, dup: true });
  expect((await publisher.next('pubrec')).reasonCode).toBe(0);
  publisher.send({ cmd: 'pubrel', messageId: 5 });
  expect(await publisher.next('pubcomp')).toMatchObject({ messageId: 5, reasonCode: 0 });
  publisher.publish('a', 'twice', { qos: 2, messageId: 5 });
  await publisher.next('pubrec');
  expect([await subscriber.message(), await subscriber.message()]).toEqual(['once', 'twice']);
  await subscriber.ping();
});

test('PUBREL and PUBREC for an unknown message get 0x92', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.send({ cmd: 'pubrel', messageId: 9 });
  expect(await client.next('pubcomp')).toMatchObject({ messageId: 9, reasonCode: 0x92 });
  client.send({ cmd: 'pubrec', messageId: 9, reasonCode: 0 });
  expect(await client.next('pubrel')).toMatchObject({ messageId: 9, reasonCode: 0x92 });
});

test('a PUBACK nobody waits for is ignored; the wrong kind of acknowledgement ends the connection', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.send({ cmd: 'puback', messageId: 40, reasonCode: 0 });
  await client.subscribe('a', { qos: 2 });
  client.publish('a', 'x', { qos: 2, messageId: 1 });
  const { messageId = 0 } = await client.next('publish');
  await client.next('pubrec');
  client.send({ cmd: 'puback', messageId, reasonCode: 0 });
  expect((await client.next('disconnect')).reasonCode).toBe(0x82);
});

test('the whole QoS 2 exchange with a subscriber', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using subscriber = await RawClient.connect(broker);
  await subscriber.subscribe('a', { qos: 2 });
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a', 'x', { qos: 2, messageId: 1 });
  const { messageId = 0 } = await subscriber.next('publish');
  subscriber.send({ cmd: 'pubrec', messageId, reasonCode: 0 });
  expect((await subscriber.next('pubrel')).messageId).toBe(messageId);
  subscriber.send({ cmd: 'pubcomp', messageId, reasonCode: 0 });
  await subscriber.ping();
});

test('messages of one publisher arrive in their order', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using subscriber = await RawClient.connect(broker, { properties: { receiveMaximum: 7 } });
  await subscriber.subscribe('order/#', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  const sent = Array.from({ length: 300 }, (_, index) => `${index}`);
  for (const [index, text] of sent.entries()) {
    publisher.publish(`order/${index % 3}`, text, { qos: 1, messageId: index + 1 });
  }
  const got: string[] = [];
  while (got.length < sent.length) {
    const { payload, messageId = 0 } = await subscriber.next('publish');
    got.push(payload.toString());
    subscriber.send({ cmd: 'puback', messageId, reasonCode: 0 });
  }
  expect(got).toEqual(sent);
});
