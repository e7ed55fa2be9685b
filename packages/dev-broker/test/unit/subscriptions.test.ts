import { expect, test } from 'vitest';
import { type DevBroker, startDevBroker } from '../../src/index.js';
import { lose } from '../support/lose.js';
import { RawClient } from '../support/raw-client.js';

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/b/c', false],
  ['a/b', 'a', false],
  ['a/+', 'a/b', true],
  ['a/+', 'a/', true],
  ['a/+', 'a', false],
  ['a/+', 'a/b/c', false],
  ['+/b', 'a/b', true],
  ['+', '/', false],
  ['+/+', '/', true],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'b', false],
  ['a/+/c', 'a/b/c', true],
  ['a/+/#', 'a', false],
  ['#', 'a/b', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['A', 'a', false],
])('the filter %s and the topic %s: %s', async (filter, topic, matches) => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe(filter);
  client.publish(topic, 'x', { qos: 1, messageId: 1 });
  if (matches) expect((await client.next('publish')).topic).toBe(topic);
  expect((await client.next('puback')).reasonCode).toBe(matches ? 0 : 0x10);
});

test.each([
  '',
  'a/#/b',
  'a#',
  'a/b+',
  '$share/g',
  '$share//a',
  '$share/g/',
  '$share/+/a',
  `a${'/a'.repeat(300)}`,
])('the filter %s is refused with 0x8F', async (filter) => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  expect(await client.subscribe(filter)).toBe(0x8f);
  await client.ping();
});

test('overlapping subscriptions are one delivery, with the highest QoS and every identifier', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe('a/#', { qos: 0, id: 1 });
  await client.subscribe('a/+', { qos: 1, id: 200 });
  await client.subscribe('a/b', { qos: 0 });
  await using publisher = await RawClient.connect(broker);
  publisher.publish('a/b', 'x', { qos: 2, messageId: 1 });
  const message = await client.next('publish');
  expect(message.qos).toBe(1);
  expect(message.properties?.subscriptionIdentifier).toEqual([1, 200]);
  await client.ping();
});

test('subscribing again replaces the subscription', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe('a', { qos: 1, id: 1 });
  await client.subscribe('a', { qos: 0, id: 2 });
  client.publish('a', 'x', { qos: 1, messageId: 1 });
  const message = await client.next('publish');
  expect([message.qos, message.properties?.subscriptionIdentifier]).toEqual([0, 2]);
  await client.next('puback');
  await client.ping();
});

test('no local keeps a client from its own messages, not from those of others', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe('a', { nl: true });
  client.publish('a', 'own', { qos: 1, messageId: 1 });
  expect((await client.next('puback')).reasonCode).toBe(0x10);
  await using other = await RawClient.connect(broker);
  other.publish('a', 'foreign');
  expect(await client.message()).toBe('foreign');
});

test('UNSUBSCRIBE ends the delivery and says which filters it did not know', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  await client.subscribe('a/+');
  client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a/+', 'a/b'] });
  expect((await client.next('unsuback')).granted).toEqual([0, 0x11]);
  client.publish('a/b', 'x', { qos: 1, messageId: 1 });
  expect((await client.next('puback')).reasonCode).toBe(0x10);
});

test('the members of a shared subscription take turns', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using one = await RawClient.connect(broker);
  await using two = await RawClient.connect(broker);
  await using alone = await RawClient.connect(broker);
  await one.subscribe('$share/team/job/+');
  await two.subscribe('$share/team/job/+');
  await alone.subscribe('$share/other/job/+');
  await using publisher = await RawClient.connect(broker);
  for (const text of ['1', '2', '3', '4']) publisher.publish('job/x', text);
  expect([await one.message(), await one.message()]).toEqual(['1', '3']);
  expect([await two.message(), await two.message()]).toEqual(['2', '4']);
  for (const text of ['1', '2', '3', '4']) expect(await alone.message()).toBe(text);
});

/** `one`, which takes a message at a time, has one of two when its connection is lost: another member, which is given, gets both. */
async function handsOver(broker: DevBroker, one: RawClient): Promise<RawClient> {
  await one.subscribe('$share/team/job', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  for (const text of ['1', '2']) publisher.publish('job', text, { qos: 1, messageId: 1 });
  expect(await one.message()).toBe('1');
  await publisher.next('puback');
  await publisher.next('puback');
  const two = await RawClient.connect(broker);
  await two.subscribe('$share/team/job', { qos: 1 });
  await lose(broker, one, 'one');
  expect([await two.message(), await two.message()]).toEqual(['1', '2']);
  return two;
}

test('what a member of a shared subscription did not acknowledge goes to another when its session ends', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using one = await RawClient.connect(broker, { clientId: 'one', properties: { receiveMaximum: 1 } });
  await using _other = await handsOver(broker, one);
});

test('what a member of a shared subscription holds goes to another as soon as its connection is lost', async () => {
  await using broker = await startDevBroker({ port: 0 });
  const kept = { clean: false, properties: { receiveMaximum: 1, sessionExpiryInterval: 100 } };
  await using one = await RawClient.connect(broker, { clientId: 'one', ...kept });
  await using _other = await handsOver(broker, one);
  // It has nothing left that would be sent a second time.
  await using again = await RawClient.connect(broker, { clientId: 'one', ...kept });
  await again.ping();
});

test('a member of a shared subscription that is busy gets less', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using busy = await RawClient.connect(broker);
  await busy.subscribe('$share/team/job', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  const publish = async (text: string): Promise<void> => {
    publisher.publish('job', text, { qos: 1, messageId: 1 });
    await publisher.next('puback');
  };
  for (const text of ['1', '2']) await publish(text);
  await using free = await RawClient.connect(broker);
  await free.subscribe('$share/team/job', { qos: 1 });
  for (const text of ['3', '4']) await publish(text);
  expect([await busy.message(), await busy.message()]).toEqual(['1', '2']);
  expect([await free.message(), await free.message()]).toEqual(['3', '4']);
});

test('a connected member of a shared subscription goes before one that is away', async () => {
  await using broker = await startDevBroker({ port: 0 });
  const durable = { clientId: 'away', clean: false, properties: { sessionExpiryInterval: 100 } };
  await using away = await RawClient.connect(broker, durable);
  await away.subscribe('$share/team/job', { qos: 1 });
  await using here = await RawClient.connect(broker);
  await here.subscribe('$share/team/job', { qos: 1 });
  await lose(broker, away, 'away');
  for (const text of ['1', '2', '3']) here.publish('job', text);
  expect([await here.message(), await here.message(), await here.message()]).toEqual(['1', '2', '3']);
});

test('no retained messages for a shared subscription, and no local on one ends the connection', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.publish('a', 'x', { retain: true });
  await client.subscribe('$share/g/a');
  await client.ping();
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/a', qos: 0, nl: true }] });
  expect((await client.next('disconnect')).reasonCode).toBe(0x82);
});
