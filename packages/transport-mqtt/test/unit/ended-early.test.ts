import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TransportError } from '@intersect-sdk/core';
import { expect, test } from 'vitest';
import { type MqttProtocol, mqttTransport } from '../../src/index.js';

/** Why nothing can be opened to something that ends each connection in this way. */
async function refusalBy(protocol: MqttProtocol, end: (socket: Socket) => void): Promise<TransportError> {
  const server = createServer((socket) => end(socket.on('error', () => {})));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await using transport = mqttTransport({ protocol, port: (server.address() as AddressInfo).port });
  const refused = await transport.connect().then(
    () => new Error('it opened'),
    (error: unknown) => error,
  );
  server.close();
  return refused as TransportError;
}

test.each(['mqtt', 'mqtts', 'ws', 'wss'] as const)('%s: the peer resets the connection', async (protocol) => {
  const error = await refusalBy(protocol, (socket) => socket.resetAndDestroy());
  expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
  expect(error.message).toMatch(/it ended the connection without an answer \((?:ECONNRESET|EPIPE)\)\. Check/);
});

test.each(['mqtt', 'mqtts', 'ws', 'wss'] as const)('%s: the peer ends the connection', async (protocol) => {
  const error = await refusalBy(protocol, (socket) => socket.end());
  expect(error).toMatchObject({ code: 'CONNECT_REFUSED', retryable: true });
  const withTls = protocol === 'mqtts' || protocol === 'wss';
  expect(error.message).toContain(withTls ? 'during the TLS handshake' : 'without an answer');
});
