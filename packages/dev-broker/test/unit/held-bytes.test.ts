import { describe, expect, test } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { disconnection, lose } from '../support/lose.js';
import { RawClient } from '../support/raw-client.js';

const limits = { heldBytes: 1_000_000 };
const LARGE = Buffer.alloc(100_000);

const durable = (clientId: string) => ({
  clientId,
  clean: false,
  properties: { sessionExpiryInterval: 100 },
});

/** Publishes large messages to topics of their own until one is refused; how many were taken. */
async function takenFrom(
  publisher: RawClient,
  options: { retain?: boolean; topic?: string },
): Promise<number> {
  const { retain = false, topic } = options;
  for (let count = 0; ; count++) {
    publisher.publish(topic ?? `t/${count}`, LARGE, { qos: 1, messageId: 1, retain });
    if ((await publisher.next('puback')).reasonCode === 0x97) return count;
    if (count > 100) throw new Error('there is no bound');
  }
}

describe('what is held for all together is bounded in bytes', () => {
  test('retained messages are weighed; one that takes the place of another needs room for the difference only', async () => {
    await using broker = await startDevBroker({ port: 0, limits });
    await using publisher = await RawClient.connect(broker);
    expect(await takenFrom(publisher, { retain: true })).toBe(9);
    publisher.publish('t/1', LARGE, { qos: 1, messageId: 1, retain: true });
    expect((await publisher.next('puback')).reasonCode).toBe(0x10);
    publisher.publish('t/1', '', { qos: 1, messageId: 1, retain: true });
    await publisher.next('puback');
    publisher.publish('t/new', LARGE, { qos: 1, messageId: 1, retain: true });
    expect((await publisher.next('puback')).reasonCode).toBe(0x10);
  });

  test('messages for clients that are away, of all their sessions', async () => {
    await using broker = await startDevBroker({ port: 0, limits });
    for (const name of ['one', 'two', 'three']) {
      await using client = await RawClient.connect(broker, durable(name));
      await client.subscribe(name, { qos: 1 });
      await lose(broker, client, name);
    }
    await using publisher = await RawClient.connect(broker);
    let taken = 0;
    for (const topic of ['one', 'two', 'three']) taken += await takenFrom(publisher, { topic });
    expect(taken).toBe(9);
    // A session that ends gives its part back.
    await using again = await RawClient.connect(broker, { clientId: 'one', clean: true });
    await again.ping();
    await again.cut();
    expect(await takenFrom(publisher, { topic: 'two' })).toBe(9);
  });

  test('clients that stopped reading', async () => {
    await using broker = await startDevBroker({ port: 0, limits });
    const stuck: RawClient[] = [];
    for (let count = 0; count < 20; count++) {
      const client = await RawClient.connect(broker, { clientId: `stuck-${count}` });
      await client.subscribe('a', { qos: 0 });
      client.socket.pause();
      stuck.push(client);
    }
    await using publisher = await RawClient.connect(broker);
    const before = process.memoryUsage().arrayBuffers;
    // The kernel's own buffers are full at some time; what comes then is held, and at last dropped.
    for (let count = 0; count < 100; count++) {
      publisher.publish('a', LARGE, { qos: 1, messageId: 1 });
      const { reasonCode } = await publisher.next('puback');
      if (reasonCode === 0x97) break;
    }
    await publisher.ping();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
    const gone = stuck.map((_client, count) => disconnection(broker, `stuck-${count}`));
    await Promise.all(stuck.map((client) => client.cut()));
    await Promise.all(gone);
    // What they held is free again.
    expect(await takenFrom(publisher, { retain: true })).toBe(9);
  });

  test('subscriptions, by their length and levels; unsubscribing gives back', async () => {
    await using broker = await startDevBroker({ port: 0, limits });
    await using client = await RawClient.connect(broker);
    const deep = (count: number): string => `${count + 100}/${Array(100).fill('x').join('/')}`;
    let taken = 0;
    while ((await client.subscribe(deep(taken))) === 0) taken++;
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThan(50);
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [deep(0)] });
    await client.next('unsuback');
    expect(await client.subscribe(deep(taken))).toBe(0);
    expect(await client.subscribe(deep(taken + 1))).toBe(0x97);
  });

  test('packets that are there in part', async () => {
    await using broker = await startDevBroker({ port: 0, limits: { heldBytes: 3_000_000 } });
    const clients = await Promise.all(
      Array.from({ length: 4 }, (_, count) => RawClient.connect(broker, { clientId: `part-${count}` })),
    );
    // A PUBLISH of 8 MiB, of which 2 MB come.
    const start = Buffer.concat([Buffer.from([0x30, 0x80, 0x80, 0x80, 0x04]), Buffer.alloc(2_000_000)]);
    for (const { socket } of clients) socket.write(start);
    await Promise.race(clients.map(({ closed }) => closed));
    await Promise.all(clients.map((client) => client.cut()));
    await using next = await RawClient.connect(broker);
    expect(next.connack.reasonCode).toBe(0);
  });
});
