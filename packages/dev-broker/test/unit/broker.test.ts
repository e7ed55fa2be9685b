import { connect as connectTcp } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type DevBrokerOptions, startDevBroker, type TrafficEvent } from '../../src/index.js';
import { connectPacket, RawClient } from '../support/raw-client.js';
import { recordingLogger } from '../support/recording-logger.js';

afterEach(() => {
  vi.useRealTimers();
});

test('it says where it listens: on this machine only, on the ports it was given or found', async () => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  expect(broker.host).toBe('127.0.0.1');
  expect(broker.port).toBeGreaterThan(0);
  expect(broker.webSocketPort).not.toBe(broker.port);
  expect(broker.url).toBe(`mqtt://127.0.0.1:${broker.port}`);
  expect(broker.webSocketUrl).toBe(`ws://127.0.0.1:${broker.webSocketPort}/`);
  await using everywhere = await startDevBroker({ port: 0, host: '0.0.0.0' });
  expect(everywhere.url).toBe(`mqtt://127.0.0.1:${everywhere.port}`);
  expect(everywhere.webSocketUrl).toBe(undefined);
});

test('every invalid option is named at once, and no secret with it', async () => {
  const limits = { packetBytes: 0, connections: 1.5, nonsense: 3 };
  const broken = { port: 70_000, webSocketPort: -1, host: '', username: '', limits };
  const starting = startDevBroker({ ...broken, prot: 1 } as DevBrokerOptions);
  await expect(starting).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    issues: [
      { path: 'host' },
      { path: 'port' },
      { path: 'webSocketPort' },
      { path: 'username' },
      { path: 'limits.connections' },
      { path: 'limits.packetBytes' },
      { path: 'limits.nonsense' },
      { path: 'prot' },
    ],
  });
  await expect(startDevBroker({ port: 5000, webSocketPort: 5000 })).rejects.toMatchObject({
    issues: [{ path: 'webSocketPort', message: 'must differ from port' }],
  });
});

test('a port in use is a ConfigError that says so, and leaves nothing behind', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await expect(startDevBroker({ port: broker.port })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    issues: [{ path: 'port', message: expect.stringContaining('is in use') }],
  });
  const logger = recordingLogger();
  const starting = startDevBroker({ port: 0, webSocketPort: broker.port, logger });
  await expect(starting).rejects.toMatchObject({ issues: [{ path: 'webSocketPort' }] });
  expect(logger.lines).toEqual([]);
});

test('stop tells the clients, frees the ports, and may be called again', async () => {
  const broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  await using client = await RawClient.connect(broker);
  await using silent = await RawClient.dial(broker);
  await using noRequest = await RawClient.dial({ host: broker.host, port: broker.webSocketPort ?? 0 });
  await Promise.all([broker.stop(), broker.stop()]);
  expect((await client.next('disconnect')).reasonCode).toBe(0x8b);
  await Promise.all([client.closed, silent.closed, noRequest.closed]);
  expect(broker.connections).toEqual([]);
  for (const port of [broker.port, broker.webSocketPort ?? 0]) {
    const refused = new Promise((resolve) => connectTcp(port, '127.0.0.1').once('error', resolve));
    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' });
  }
  await broker.stop();
});

test('a client that does not close its side is cut off a second after stop', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const broker = await startDevBroker({ port: 0 });
  const socket = connectTcp({ host: '127.0.0.1', port: broker.port, allowHalfOpen: true });
  await using client = new RawClient(socket);
  client.send(connectPacket());
  expect((await client.next('connack')).reasonCode).toBe(0);
  let isStopped = false;
  const stopped = broker.stop().then(() => {
    isStopped = true;
  });
  await client.next('disconnect');
  await vi.advanceTimersByTimeAsync(999);
  expect(isStopped).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await stopped;
});

test('the list of connections shows who is connected now', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, { clientId: 'me' });
  expect(broker.connections).toEqual([{ clientId: 'me', transport: 'tcp', remoteAddress: '127.0.0.1' }]);
  client.send({ cmd: 'disconnect', reasonCode: 0 });
  await client.closed;
  expect(broker.connections).toEqual([]);
});

test('traffic listeners see what passes, and payloads when they ask', async () => {
  await using broker = await startDevBroker({ port: 0 });
  const seen: TrafficEvent[] = [];
  const payloads: unknown[] = [];
  const stop = broker.onTraffic((event) => seen.push(event));
  broker.onTraffic((event) => 'payload' in event && payloads.push(event.payload()));
  await using client = await RawClient.connect(broker, { clientId: 'me' });
  await client.subscribe('a/+', { qos: 1 });
  const properties = {
    contentType: 'application/json',
    payloadFormatIndicator: true,
    correlationData: Buffer.from('c'),
    userProperties: { message_id: '1', tag: ['x', 'y'] },
  };
  client.publish('a/b', '{}', { qos: 0, properties });
  await client.next('publish');
  client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a/+'] });
  await client.next('unsuback');
  client.send({ cmd: 'disconnect', reasonCode: 0 });
  await client.closed;
  const message = {
    clientId: 'me',
    topic: 'a/b',
    qos: 0,
    retain: false,
    dup: false,
    contentType: 'application/json',
    headers: [
      ['message_id', '1'],
      ['tag', 'x'],
      ['tag', 'y'],
    ],
    payloadBytes: 2,
    payload: expect.any(Function),
  };
  expect(seen).toEqual([
    { type: 'connected', clientId: 'me', transport: 'tcp', remoteAddress: '127.0.0.1' },
    { type: 'subscribed', clientId: 'me', filter: 'a/+', qos: 1 },
    { type: 'published', ...message },
    { type: 'delivered', ...message },
    { type: 'unsubscribed', clientId: 'me', filter: 'a/+' },
    { type: 'disconnected', clientId: 'me', reasonCode: 0 },
  ]);
  expect(payloads).toEqual([Uint8Array.from([123, 125]), Uint8Array.from([123, 125])]);
  stop();
  await using _later = await RawClient.connect(broker);
  expect(seen).toHaveLength(6);
});

test('a traffic listener that throws harms nobody', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, logger });
  const seen: string[] = [];
  broker.onTraffic(() => {
    throw new Error('broken listener');
  });
  broker.onTraffic((event) => seen.push(event.type));
  await using client = await RawClient.connect(broker);
  await client.ping();
  expect(seen).toEqual(['connected']);
  expect(logger.lines).toContainEqual(
    expect.objectContaining({ level: 'error', message: 'a traffic listener threw' }),
  );
});

test('neither passwords nor payloads are logged', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, password: 'the-secret', logger });
  await using _refused = await RawClient.connect(broker, { password: Buffer.from('a-wrong-secret') });
  await using client = await RawClient.connect(broker, { password: Buffer.from('the-secret') });
  client.publish('a', 'the-payload');
  client.publish('a/#', 'the-payload');
  await client.next('disconnect');
  const log = JSON.stringify(logger.lines);
  expect(log).not.toMatch(/secret|payload/);
  expect(logger.lines.length).toBeGreaterThan(3);
});
