import { once } from 'node:events';
import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { type DevBroker, startDevBroker } from '../../src/index.js';
import { disconnection } from '../support/lose.js';
import { connectPacket } from '../support/raw-client.js';

const CONNECT = generate(connectPacket({ clientId: 'web' }), { protocolVersion: 5 });

/** The HTTP status of the answer: 101 when the WebSocket is opened. */
async function upgradeStatus(
  broker: DevBroker,
  options: { path?: string; protocols?: string[]; origin?: string } = {},
): Promise<number> {
  const { path = '', protocols = ['mqtt'], origin } = options;
  const socket = new WebSocket(
    `${broker.webSocketUrl}${path}`,
    protocols,
    origin === undefined ? {} : { origin },
  );
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', reject);
  });
}

test('any path is fine, the subprotocol must be mqtt', async () => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  expect(await upgradeStatus(broker)).toBe(101);
  expect(await upgradeStatus(broker, { path: 'ws?x=1' })).toBe(101);
  expect(await upgradeStatus(broker, { protocols: ['other', 'mqtt'] })).toBe(101);
  expect(await upgradeStatus(broker, { protocols: ['mqttv3.1'] })).toBe(400);
  expect(await upgradeStatus(broker, { protocols: [] })).toBe(400);
});

test('a web page may connect when it comes from this machine', async () => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  expect(await upgradeStatus(broker, { origin: 'http://localhost:5173' })).toBe(101);
  expect(await upgradeStatus(broker, { origin: 'https://127.0.0.1' })).toBe(101);
  expect(await upgradeStatus(broker, { origin: 'https://lab.example' })).toBe(403);
  expect(await upgradeStatus(broker, { origin: 'http://localhost.evil.example' })).toBe(403);
});

test('a list of origins replaces that rule, and * lets every page in', async () => {
  await using strict = await startDevBroker({ port: 0, webSocketPort: 0, origins: ['https://lab.example'] });
  expect(await upgradeStatus(strict, { origin: 'https://lab.example' })).toBe(101);
  expect(await upgradeStatus(strict, { origin: 'http://localhost' })).toBe(403);
  expect(await upgradeStatus(strict)).toBe(101);
  await using open = await startDevBroker({ port: 0, webSocketPort: 0, origins: ['*'] });
  expect(await upgradeStatus(open, { origin: 'https://lab.example' })).toBe(101);
});

test('packets may be cut over WebSocket messages, and several may share one', async () => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  const socket = new WebSocket(broker.webSocketUrl ?? '', ['mqtt']);
  await once(socket, 'open');
  const stream = createWebSocketStream(socket);
  socket.send(CONNECT.subarray(0, 5));
  socket.send(Buffer.concat([CONNECT.subarray(5), Buffer.from('c000c000', 'hex')]));
  let heard = '';
  for await (const chunk of stream) {
    heard += (chunk as Buffer).toString('hex');
    if (heard.endsWith('d000d000')) break;
  }
  expect(heard).toMatch(/^20/);
});

test('a text message ends the connection', async () => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  const socket = new WebSocket(broker.webSocketUrl ?? '', ['mqtt']);
  await once(socket, 'open');
  socket.send(CONNECT);
  await once(socket, 'message');
  const gone = disconnection(broker, 'web');
  socket.send('hello');
  const [code] = await once(socket, 'close');
  expect(code).toBe(1003);
  await gone;
  expect(broker.connections).toEqual([]);
});

test('a browser that opens the port as a page is told what it is', async () => {
  await using broker = await startDevBroker({ port: 0, webSocketPort: 0 });
  const response = await fetch(`http://127.0.0.1:${broker.webSocketPort}/`);
  expect(response.status).toBe(426);
  expect(await response.text()).toContain('MQTT 5 over WebSocket');
});
