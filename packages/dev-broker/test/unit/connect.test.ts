import { afterEach, expect, test, vi } from 'vitest';
import { startDevBroker } from '../../src/index.js';
import { ANONYMOUS_CONNECT, RawClient } from '../support/raw-client.js';
import { recordingLogger } from '../support/recording-logger.js';

afterEach(() => {
  vi.useRealTimers();
});

test('CONNACK announces what the broker can do', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, { clientId: 'me' });
  expect(client.connack).toMatchObject({ reasonCode: 0, sessionPresent: false });
  expect({ ...client.connack.properties }).toEqual({
    receiveMaximum: 65_535,
    maximumPacketSize: 16 * 1024 * 1024,
    topicAliasMaximum: 16,
  });
});

test.each([
  ['a wrong password', { password: Buffer.from('wrong') }],
  ['a wrong user name', { username: 'wrong' }],
  ['a password with something behind it', { password: Buffer.from('intersect_password2') }],
])('%s is refused with 0x86 and the connection ends', async (_what, credentials) => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, credentials);
  expect(client.connack.reasonCode).toBe(0x86);
  await client.closed;
  expect(broker.connections).toEqual([]);
});

test('a client without user name is refused with 0x86', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.dial(broker);
  client.send(ANONYMOUS_CONNECT);
  expect((await client.next('connack')).reasonCode).toBe(0x86);
  await client.closed;
});

test('own credentials replace the default ones', async () => {
  await using broker = await startDevBroker({ port: 0, username: 'ada', password: 'swordfish' });
  await using right = await RawClient.connect(broker, {
    username: 'ada',
    password: Buffer.from('swordfish'),
  });
  await using wrong = await RawClient.connect(broker);
  expect([right.connack.reasonCode, wrong.connack.reasonCode]).toEqual([0, 0x86]);
});

test('an MQTT 3.1.1 client gets return code 1 in the form that it understands', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.dial(broker);
  const answer = new Promise<Buffer>((resolve) => client.socket.once('data', resolve));
  client.socket.write(Buffer.from('100f00044d51545404020000000361626300', 'hex').subarray(0, 17));
  expect([...(await answer)]).toEqual([0x20, 2, 0, 1]);
  await client.closed;
});

test('a protocol version of the future is refused with 0x84', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.dial(broker);
  client.socket.write(Buffer.from('101000044d5154540602000000000361626300', 'hex').subarray(0, 18));
  expect((await client.next('connack')).reasonCode).toBe(0x84);
  await client.closed;
});

test.each([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')],
  ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
  ['a packet before CONNECT', Buffer.from('c000', 'hex')],
  ['another protocol name', Buffer.from('100900044854545005020000', 'hex')],
])('%s is cut off without an answer', async (_what, bytes) => {
  await using broker = await startDevBroker({ port: 0, limits: { connectTimeoutMs: 200 } });
  await using client = await RawClient.dial(broker);
  const heard: Buffer[] = [];
  client.socket.on('data', (chunk: Buffer) => heard.push(chunk));
  client.socket.write(bytes);
  await client.closed;
  expect(heard).toEqual([]);
});

test('a broken CONNECT is refused with 0x81', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.dial(broker);
  client.socket.write(Buffer.from('100b00044d5154540502000aff', 'hex'));
  expect((await client.next('connack')).reasonCode).toBe(0x81);
  await client.closed;
});

test('a will with both QoS bits set is refused with 0x81', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.dial(broker);
  const login = '0012696e746572736563745f757365726e616d65' + '0012696e746572736563745f70617373776f7264';
  const body = `00044d51545405de0000000001780000017700${'0177'}${login}`;
  client.socket.write(Buffer.from(`10${(body.length / 2).toString(16)}${body}`, 'hex'));
  expect((await client.next('connack')).reasonCode).toBe(0x81);
});

test.each([
  ['enhanced authentication', { properties: { authenticationMethod: 'SCRAM' } }, 0x8c],
  ['receive maximum 0', { properties: { receiveMaximum: 0 } }, 0x82],
  ['maximum packet size 0', { properties: { maximumPacketSize: 0 } }, 0x82],
  ['a packet size with no room for CONNACK', { properties: { maximumPacketSize: 10 } }, 0x95],
  ['a client identifier beyond reason', { clientId: 'x'.repeat(2000) }, 0x85],
  ['a will for a wildcard', { will: { topic: 'a/#', payload: Buffer.from('x') } }, 0x90],
])('%s is refused with the reason code that fits', async (_what, connect, reasonCode) => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker, connect);
  expect(client.connack.reasonCode).toBe(reasonCode);
  await client.closed;
});

test('a client without identifier is given one', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using one = await RawClient.connect(broker);
  await using other = await RawClient.connect(broker);
  const [first, second] = [one, other].map((client) => client.connack.properties?.assignedClientIdentifier);
  expect(first).toMatch(/^assigned-/);
  expect(first).not.toBe(second);
  expect(broker.connections.map(({ clientId }) => clientId)).toEqual([first, second]);
});

test('a second CONNECT ends the connection with 0x82', async () => {
  await using broker = await startDevBroker({ port: 0 });
  await using client = await RawClient.connect(broker);
  client.send(ANONYMOUS_CONNECT);
  expect((await client.next('disconnect')).reasonCode).toBe(0x82);
  await client.closed;
});

test('a socket that says nothing is cut off', async () => {
  const logger = recordingLogger();
  await using broker = await startDevBroker({ port: 0, limits: { connectTimeoutMs: 20 }, logger });
  await using client = await RawClient.dial(broker);
  await client.closed;
  expect(logger.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'no CONNECT in time' }),
  );
});

test('a client that is silent for one and a half keep-alives is disconnected with 0x8D', async () => {
  await using broker = await startDevBroker({ port: 0 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  await using client = await RawClient.connect(broker, { keepalive: 10 });
  await vi.advanceTimersByTimeAsync(14_000);
  await client.ping();
  await vi.advanceTimersByTimeAsync(14_000);
  await client.ping();
  await vi.advanceTimersByTimeAsync(15_000);
  expect((await client.next('disconnect')).reasonCode).toBe(0x8d);
});

test('keep-alive 0 means never', async () => {
  await using broker = await startDevBroker({ port: 0 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  await using client = await RawClient.connect(broker, { keepalive: 0 });
  await vi.advanceTimersByTimeAsync(1_000_000);
  await client.ping();
});
