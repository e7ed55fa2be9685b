import { once } from 'node:events';
import { connect } from 'node:net';
import { generate } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { type DevBroker, startDevBroker } from '../../src/index.js';
import { connectPacket, RawClient } from '../support/raw-client.js';
import { recordingLogger } from '../support/recording-logger.js';

/** A CONNECT packet that says it is this large, and how far it has come. */
function unfinishedConnect(bytes: number, sent: number): Buffer {
  const head = Buffer.from([0x10, (bytes & 0x7f) | 0x80, ((bytes >> 7) & 0x7f) | 0x80, (bytes >> 14) & 0x7f]);
  return Buffer.concat([head, Buffer.from('\0\x04MQTT\x05', 'latin1'), Buffer.alloc(sent)]);
}

describe('before the login', () => {
  test('a CONNECT larger than its limit is refused with 0x95 before it is there; one below is taken', async () => {
    await using broker = await startDevBroker({ port: 0, limits: { connectBytes: 2_000 } });
    await using large = await RawClient.dial(broker);
    large.socket.write(unfinishedConnect(2_000_000, 10));
    expect((await large.next('connack')).reasonCode).toBe(0x95);
    await large.closed;
    await using small = await RawClient.connect(broker, { clientId: 'x'.repeat(1_000) });
    expect(small.connack.reasonCode).toBe(0);
    // After it the limit is that of packets.
    small.publish('a', Buffer.alloc(100_000), { qos: 1, messageId: 1 });
    expect((await small.next('puback')).reasonCode).toBe(0x10);
  });

  test('many unfinished CONNECTs of the largest packet are not held', async () => {
    await using broker = await startDevBroker({ port: 0 });
    const clients = await Promise.all(Array.from({ length: 40 }, () => RawClient.dial(broker)));
    for (const client of clients) client.socket.write(unfinishedConnect(0x1fffff, 100_000));
    await Promise.all(clients.map((client) => client.closed));
    await using honest = await RawClient.connect(broker);
    expect(honest.connack.reasonCode).toBe(0);
  });

  test('over WebSocket neither, whatever its frames say', async () => {
    await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
    const socket = connect(broker.webSocketPort as number, '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
    const headers = ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    headers.push('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol: mqtt');
    socket.write(`GET /mqtt HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    await once(socket, 'data');
    // One frame of 16 MiB, of which 200 kB come.
    socket.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]));
    socket.write(Buffer.alloc(200_000));
    await closed;
  });

  test('silent sockets make way: the oldest is closed, and honest clients get in', async () => {
    const logger = recordingLogger();
    await using broker = await startDevBroker({ port: 0, logger, limits: { waitingSockets: 5 } });
    const silent: RawClient[] = [];
    for (let count = 0; count < 5; count++) silent.push(await RawClient.dial(broker));
    await using honest = await RawClient.connect(broker, { clientId: 'honest' });
    await silent[0]?.closed;
    expect(honest.connack.reasonCode).toBe(0);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ message: 'too many sockets wait for their login, the oldest is closed' }),
    );
    await Promise.all(silent.map((socket) => socket.cut()));
  });

  test('a thousand silent sockets more than clients are allowed: a client that is one too many still hears 0x97', async () => {
    await using broker = await startDevBroker({ port: 0, limits: { connections: 1, waitingSockets: 10 } });
    const silent = await Promise.all(Array.from({ length: 300 }, () => RawClient.dial(broker)));
    await using one = await RawClient.connect(broker, { clientId: 'one' });
    await using two = await RawClient.connect(broker, { clientId: 'two' });
    expect([one.connack.reasonCode, two.connack.reasonCode]).toEqual([0, 0x97]);
    await Promise.all(silent.map((socket) => socket.cut()));
  });

  const noTimeout = { port: 0, limits: { connectTimeoutMs: 600_000 } };
  test.each([
    ['an HTTP request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
    ['AMQP', 'AMQP\0\0\x09\x01'],
    ['SSH', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['another packet of MQTT', '\xc0\0'],
    ['CONNECT of something else', '\x10\x7f\0\x04HTTP'],
    ['CONNECT of something else with a long length', '\x10\xff\xff\x03\0\x06PGSQL'],
    ['CONNECT with reserved bits', '\x11\x10\0\x04MQTT'],
  ])('%s is closed at once', async (_name, said) => {
    await using broker = await startDevBroker(noTimeout);
    await using client = await RawClient.dial(broker);
    client.socket.write(said, 'latin1');
    await client.closed;
  });

  test('a CONNECT that comes byte by byte is taken', async () => {
    await using broker = await startDevBroker({ port: 0 });
    await using client = await RawClient.dial(broker);
    for (const byte of generate(connectPacket(), { protocolVersion: 5 })) {
      client.socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect((await client.next('connack')).reasonCode).toBe(0);
  });

  test('authentication data without a method is a protocol error', async () => {
    await using broker = await startDevBroker({ port: 0 });
    expect(await answer(broker, { authenticationData: Buffer.from('x') })).toBe(0x82);
    expect(await answer(broker, { authenticationMethod: 'x' })).toBe(0x8c);
  });

  async function answer(broker: DevBroker, properties: object): Promise<number | undefined> {
    await using client = await RawClient.connect(broker, { properties });
    await client.closed;
    return client.connack.reasonCode;
  }
});
