import { connect as connectTcp } from 'node:net';
import type { IConnectPacket } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { type DevBroker, startDevBroker } from '../../src/index.js';
import { heapAfterCollection } from '../support/collect-garbage.js';
import { mutate } from '../support/mutate.js';
import { RawClient } from '../support/raw-client.js';
import { seededRandom } from '../support/seeded-random.js';

const SEED = 20_260;
const PACKETS = 100_000;
const PACKETS_PER_CONNECTION = 5;
const PARALLEL = 16;
const MEBIBYTE = 1024 * 1024;

/** Plays whole conversations with the broker and keeps every packet that the client sent. */
async function recordSession(broker: DevBroker): Promise<{ connects: Buffer[]; others: Buffer[] }> {
  const sent: Buffer[] = [];
  const durable: Partial<IConnectPacket> = {
    clientId: 'recorded',
    clean: false,
    will: { topic: 'will', payload: Buffer.from('w'), qos: 1, properties: { willDelayInterval: 1 } },
    properties: { sessionExpiryInterval: 60, receiveMaximum: 5, topicAliasMaximum: 4 },
  };
  for (const connect of [{}, durable, durable]) {
    await using client = await RawClient.connect(broker, connect);
    const subscriptions = [
      { topic: 'rec/+/#', qos: 2 },
      { topic: '$share/g/rec/#', qos: 1, rap: true, rh: 1 },
    ] as const;
    const properties = { subscriptionIdentifier: 3 };
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [...subscriptions], properties });
    for (const qos of [0, 1, 2] as const) {
      client.publish('rec/a/b', `payload ${qos}`, {
        qos,
        messageId: qos + 1,
        retain: qos === 1,
        properties: {
          contentType: 'application/json',
          responseTopic: 'rec/answer',
          correlationData: Buffer.from([1, 2, 3]),
          messageExpiryInterval: 30,
          topicAlias: 2,
          userProperties: { message_id: 'x', tags: ['a', 'b'] },
        },
      });
    }
    client.send({ cmd: 'puback', messageId: 1, reasonCode: 0 });
    client.send({ cmd: 'pubrec', messageId: 2, reasonCode: 0 });
    client.send({ cmd: 'pubcomp', messageId: 2, reasonCode: 0 });
    client.send({ cmd: 'pubrel', messageId: 3, reasonCode: 0x92, properties: { reasonString: 'why' } });
    client.send({ cmd: 'unsubscribe', messageId: 4, unsubscriptions: ['rec/+/#', 'none'] });
    client.send({ cmd: 'pingreq' });
    client.send({ cmd: 'disconnect', reasonCode: 4, properties: { reasonString: 'bye' } });
    await client.closed;
    sent.push(...client.sent);
  }
  return {
    connects: sent.filter((packet) => packet.readUInt8(0) === 0x10),
    others: sent.filter((packet) => packet.readUInt8(0) !== 0x10),
  };
}

/** Writes the bytes on a connection of their own and waits until the broker is done with it. */
function pour(broker: DevBroker, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: broker.host, port: broker.port });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

test('100,000 mutated packets end only their own connections', async () => {
  const errors: object[] = [];
  const reasonCodes = new Set<number>();
  const nothing = (): void => {};
  const logger = {
    debug: nothing,
    info: nothing,
    warn: (fields: object): void => {
      if ('reasonCode' in fields) reasonCodes.add(fields.reasonCode as number);
    },
    error: (fields: object): number => errors.push(fields),
  };
  const limits = { sessions: 200, retainedMessages: 50, queuedMessages: 100, packetBytes: 65_536 };
  await using broker = await startDevBroker({ port: 0, limits, logger });
  const random = seededRandom(SEED);
  const { connects, others } = await recordSession(broker);
  const choose = (packets: Buffer[]): Buffer => packets[random(packets.length)] ?? Buffer.alloc(0);

  await using bystander = await RawClient.connect(broker);
  await bystander.subscribe('steady', { qos: 1 });
  await using publisher = await RawClient.connect(broker);
  let steady = 0;
  let sent = 0;
  let baseline = 0;
  while (sent < PACKETS) {
    const batches = Array.from({ length: PARALLEL }, () => {
      const opening = choose(connects);
      const packets = [random(4) === 0 ? mutate(opening, random) : opening];
      for (let count = 0; count < PACKETS_PER_CONNECTION; count++) {
        packets.push(random(3) === 0 ? choose(others) : mutate(choose(others), random));
      }
      return Buffer.concat(packets);
    });
    sent += PARALLEL * PACKETS_PER_CONNECTION;
    const done = Promise.all(batches.map((bytes) => pour(broker, bytes)));
    steady++;
    publisher.publish('steady', `${steady}`, { qos: 1, messageId: 1 });
    const { payload, messageId = 0 } = await bystander.next('publish');
    expect(payload.toString()).toBe(`${steady}`);
    bystander.send({ cmd: 'puback', messageId, reasonCode: 0 });
    expect((await publisher.next('puback')).reasonCode).toBe(0);
    await done;
    if (baseline === 0 && sent > PACKETS / 5) baseline = heapAfterCollection();
  }
  expect(errors).toEqual([]);
  expect([...reasonCodes]).toEqual(expect.arrayContaining([0x81, 0x82, 0x86, 0x90, 0x94, 0x95]));
  expect(steady).toBe(PACKETS / PARALLEL / PACKETS_PER_CONNECTION);
  expect(heapAfterCollection() - baseline).toBeLessThan(8 * MEBIBYTE);
  await bystander.ping();
});
