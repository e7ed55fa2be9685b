import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { TransportEvent } from '@intersect-sdk/transport';
import { expect, test } from 'vitest';
import { HubServer } from '../../src/hub-server.js';
import { hubTransport } from '../../src/hub-transport.js';
import { publishRaw } from './publish-raw.js';

const password = 'intersect_password';
const payload = new TextEncoder().encode('x');

test('a frame that cannot be read is reported, and the next message arrives', async () => {
  await using hub = await HubServer.start({ port: 0, password });
  await using transport = hubTransport({ port: hub.port, name: 'reader', password });
  const events: TransportEvent[] = [];
  transport.onEvent((event) => events.push(event));
  await transport.connect();
  let arrive = (_contentType: string): void => {};
  const arrived = new Promise<string>((resolve) => {
    arrive = resolve;
  });
  await transport.subscribe('lab/#', ({ contentType }) => arrive(contentType));
  const program = { port: hub.port, name: 'another-program', password };
  // The second content type makes it a frame with one key twice.
  const twice = { content_type: 'text/html' };
  await publishRaw({ channel: 'lab/bad', payload, contentType: 'text/plain', headers: twice }, program);
  await publishRaw({ channel: 'lab/good', payload, contentType: 'text/plain', headers: {} }, program);
  expect(await arrived).toBe('text/plain');
  const refused = events.flatMap((event) =>
    event.kind === 'message-refused' ? [[event.channel, event.error.code]] : [],
  );
  expect(refused).toEqual([['lab/bad', 'FRAME_INVALID']]);
});

test('what is no hub ends the transport for good', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const transport = hubTransport({ port, name: 'reader', password });
  await expect(transport.connect({ retry: true })).rejects.toMatchObject({ code: 'PROTOCOL_REFUSED' });
  expect((await transport.closed)?.code).toBe('PROTOCOL_REFUSED');
  server.close();
});
