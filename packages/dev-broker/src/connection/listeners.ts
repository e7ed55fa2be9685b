import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConfigError } from '@intersect-sdk/core';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { ResolvedDevBrokerOptions } from '../options.js';
import type { Peer } from './client.js';
import type { Connection } from './connection.js';

export type AcceptSocket = (stream: Duplex, peer: Peer) => Connection;

/** What WebSocket may add to a CONNECT packet that comes in small pieces, each a frame with its mask. */
const FRAMING_BYTES = 4096;
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Disposing the server takes no new connection, and resolves when the last one is gone. */
export function listenTcp(options: ResolvedDevBrokerOptions, accept: AcceptSocket): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    accept(socket, { transport: 'tcp', remoteAddress: socket.remoteAddress ?? '' });
  });
  return listen(server, options, 'port');
}

/** MQTT over WebSocket, if it is asked for: subprotocol `mqtt`, any path, binary messages (section 6 of MQTT 5). */
export async function listenWebSocket(
  options: ResolvedDevBrokerOptions,
  accept: AcceptSocket,
): Promise<HttpServer | undefined> {
  if (options.webSocketPort === undefined) return undefined;
  const server = createHttpServer((_request, response) => {
    response.writeHead(426).end('This port speaks MQTT 5 over WebSocket.\n');
  });
  const sockets = new WebSocketServer({
    noServer: true,
    // One message may hold several packets; a single one over the limit gets its MQTT reason code.
    maxPayload: options.limits.packetBytes * 2,
    verifyClient: ({ origin, req }: { origin: string; req: IncomingMessage }, answer) => {
      const status = offersMqtt(req) ? (originAllowed(origin, options.origins) ? 200 : 403) : 400;
      if (status !== 200) options.logger.warn({ origin, status }, 'WebSocket refused');
      answer(status === 200, status);
    },
    handleProtocols: () => 'mqtt',
  });
  server.on('upgrade', (request, stream, head) => {
    const remoteAddress = request.socket.remoteAddress ?? '';
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on('message', (_data, isBinary) => {
        if (!isBinary) socket.close(1003, 'MQTT needs binary messages');
      });
      const connection = accept(createWebSocketStream(socket), { transport: 'websocket', remoteAddress });
      dropWhenTooLong(connection, stream, options.limits.connectBytes);
    });
  });
  return listen(server, options, 'webSocketPort');
}

/** WebSocket holds a message until it is whole; before the login it must not become as large as one may be after it. */
function dropWhenTooLong(connection: Connection, stream: Duplex, connectBytes: number): void {
  let left = connectBytes + FRAMING_BYTES;
  const count = ({ length }: Buffer): void => {
    left -= length;
    if (connection.session !== undefined) stream.off('data', count);
    else if (left < 0) connection.drop();
  };
  stream.on('data', count);
}

function offersMqtt(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === 'mqtt');
}

function originAllowed(origin: string | undefined, allowed: readonly string[] | undefined): boolean {
  if (origin === undefined) return true;
  if (allowed === undefined) return LOOPBACK_ORIGIN.test(origin);
  return allowed.includes('*') || allowed.includes(origin);
}

function listen<S extends Server>(
  server: S,
  options: ResolvedDevBrokerOptions,
  path: 'port' | 'webSocketPort',
): Promise<S> {
  const { host, [path]: port } = options;
  return new Promise((resolve, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const why = inUse
        ? 'is in use: choose another, or 0 for any free one'
        : `can't be used (${cause.code})`;
      const issues = [{ path, message: `${port} on ${host} ${why}` }];
      reject(new ConfigError('The development broker cannot listen', issues, { cause }));
    });
    server.listen(port, host, () => resolve(server));
  });
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;
