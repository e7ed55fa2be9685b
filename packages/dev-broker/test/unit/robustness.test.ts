import { expect, test } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { RawClient } from '../support/raw-client.js';

const publish = (hex: string): string => {
  const body = hex.replaceAll(' ', '');
  return `30${(body.length / 2).toString(16).padStart(2, '0')}${body}`;
};

test.each([
  ['a remaining length of five bytes', 'c0ffffffff01', 0x81],
  ['packet type 0', '0000', 0x81],
  ['wrong flags', 'c100', 0x81],
  ['SUBSCRIBE without the flags it must have', '8006000100000161', 0x81],
  ['SUBSCRIBE with reserved option bits', '8207000100000161c0', 0x81],
  ['SUBSCRIBE without a filter', '8203000100', 0x82],
  ['SUBSCRIBE with identifier 0', '82070000000001 6100', 0x81],
  ['SUBSCRIBE with subscription identifier 0', '82090001020b0000016100', 0x82],
  ['SUBSCRIBE with a property of PUBLISH', '820a0001030300 0000016100', 0x82],
  ['UNSUBSCRIBE without a filter', 'a203000100', 0x82],
  ['PUBLISH with both QoS bits', '3604000161 00', 0x81],
  ['PUBLISH with DUP at QoS 0', '380400016100', 0x82],
  ['PUBLISH with packet identifier 0', '320600016100 0000', 0x81],
  ['PUBLISH without topic and alias', publish('0000 00'), 0x90],
  ['PUBLISH to a wildcard', publish('0001 2b 00'), 0x90],
  ['PUBLISH with a topic that is not UTF-8', publish('0002 c328 00'), 0x81],
  ['PUBLISH with NUL in the topic', publish('0002 6100 00'), 0x81],
  ['PUBLISH with a topic longer than itself', publish('0009 61 00'), 0x81],
  ['PUBLISH with properties longer than itself', publish('0001 61 05 01'), 0x81],
  ['PUBLISH with a property cut off', publish('0001 61 03 03 0005'), 0x81],
  ['PUBLISH with an unknown property', publish('0001 61 02 7f 00'), 0x81],
  ['PUBLISH with a property of CONNECT', publish('0001 61 03 21 0001'), 0x81],
  ['PUBLISH with a subscription identifier', publish('0001 61 02 0b 01'), 0x82],
  ['PUBLISH with two content types', publish('0001 61 08 03 0001 61 03 0001 61'), 0x82],
  ['PUBLISH with two topic aliases', publish('0001 61 06 23 0001 23 0001'), 0x82],
  ['PUBLISH with payload format 2', publish('0001 61 02 01 02'), 0x82],
  ['PUBLISH with a wildcard as response topic', publish('0001 61 04 08 0001 23'), 0x82],
  ['PUBACK cut off', '400100', 0x81],
  ['PUBACK with identifier 0', '40020000', 0x81],
  ['PUBACK with a reason code that there is not', '4003000177', 0x81],
  ['PUBREL with wrong flags', '60020001', 0x81],
  ['DISCONNECT with a reason code that there is not', 'e00177', 0x81],
  ['CONNACK from a client', '2003000000', 0x82],
  ['SUBACK from a client', '900400010000', 0x82],
  ['PINGRESP from a client', 'd000', 0x82],
  ['AUTH that nobody asked for', 'f000', 0x81],
  ['AUTH to authenticate again', 'f00219 00', 0x82],
])('%s ends that one connection, with the reason code that fits', async (_what, hex, reasonCode) => {
  await using broker = await startDevBroker({ port: 0 });
  await using bystander = await RawClient.connect(broker);
  await bystander.subscribe('news');
  await using client = await RawClient.connect(broker);
  client.publish('news', 'before');
  client.socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  expect((await client.next('disconnect')).reasonCode).toBe(reasonCode);
  await client.closed;
  expect(await bystander.message()).toBe('before');
  await bystander.ping();
});

test('what follows a broken packet in the same chunk is not handled', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using bystander = await RawClient.connect(broker);
  await bystander.subscribe('#');
  await using client = await RawClient.connect(broker);
  client.socket.write(Buffer.from(`d000${publish('0001 61 00 78')}`, 'hex'));
  await client.next('disconnect');
  await client.closed;
  await bystander.ping();
});

test('the reason is left out of DISCONNECT when the client takes no packet of that size', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, {
    clientId: 'x',
    properties: { maximumPacketSize: 40 },
  });
  client.socket.write(Buffer.from('d000', 'hex'));
  const { reasonCode, properties } = await client.next('disconnect');
  expect([reasonCode, properties?.reasonString]).toEqual([0x82, undefined]);
});

test('a topic as deep as a packet allows harms nobody', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  for (const filter of ['+/+/#', '/'.repeat(150)]) await client.subscribe(filter);
  client.publish('/'.repeat(65_000), 'deep', { qos: 1, messageId: 1 });
  expect(await client.message()).toBe('deep');
  await client.next('puback');
});
