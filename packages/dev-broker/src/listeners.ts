import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConfigError } from '@intersect-sdk/core';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Peer } from './connection.js';
import type { ResolvedDevBrokerOptions } from './options.js';

export interface Listener {
  readonly port: number;
  /** Takes no new connection; resolves when the last one is gone. */
  close(): Promise<void>;
}

export type AcceptSocket = (stream: Duplex, peer: Peer) => void;

/** Sockets that may be open without a client yet, on top of the limit for clients. */
const SPARE_SOCKETS = 100;
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export async function listenTcp(options: ResolvedDevBrokerOptions, accept: AcceptSocket): Promise<Listener> {
  const server = createServer({ noDelay: true }, (socket) => {
    accept(socket, { transport: 'tcp', remoteAddress: socket.remoteAddress ?? '' });
  });
  await listen(server, { options, port: options.port, path: 'port' });
  return {
    port: portOf(server),
    close: () => closeServer(server),
  };
}

/** MQTT over WebSocket: subprotocol `mqtt`, any path, binary messages (section 6 of MQTT 5). */
export async function listenWebSocket(
  options: ResolvedDevBrokerOptions,
  port: number,
  accept: AcceptSocket,
): Promise<Listener> {
  const http = createHttpServer((_request, response) => {
    response
      .writeHead(426, { 'content-type': 'text/plain' })
      .end('This port speaks MQTT 5 over WebSocket.\n');
  });
  const sockets = new WebSocketServer({
    server: http,
    // One message may hold several packets; a single one over the limit gets its MQTT reason code.
    maxPayload: options.limits.packetBytes * 2,
    verifyClient: ({ origin, req }: { origin: string; req: IncomingMessage }, answer) => {
      const status = offersMqtt(req) ? (originAllowed(origin, options.origins) ? 200 : 403) : 400;
      if (status !== 200) options.logger.warn({ origin, status }, 'WebSocket refused');
      answer(status === 200, status);
    },
    handleProtocols: () => 'mqtt',
  });
  sockets.on('connection', (socket, request) => {
    socket.on('message', (_data, isBinary) => {
      if (!isBinary) socket.close(1003, 'MQTT needs binary messages');
    });
    const remoteAddress = request.socket.remoteAddress ?? '';
    accept(createWebSocketStream(socket), { transport: 'websocket', remoteAddress });
  });
  // It repeats the errors of the HTTP server, which are handled there.
  sockets.on('error', () => {});
  await listen(http, { options, port, path: 'webSocketPort' });
  return {
    port: portOf(http),
    close: async () => {
      sockets.close();
      const closed = closeServer(http);
      http.closeIdleConnections();
      await closed;
    },
  };
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

interface ListenTarget {
  readonly options: ResolvedDevBrokerOptions;
  readonly port: number;
  readonly path: string;
}

function listen(server: Server, { options, port, path }: ListenTarget): Promise<void> {
  const { host, limits, logger } = options;
  server.maxConnections = limits.connections + SPARE_SOCKETS;
  server.on('drop', () =>
    logger.warn({ limit: server.maxConnections }, 'too many open sockets, one refused'),
  );
  return new Promise((resolve, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'is in use: choose another, or 0 for any free one'
          : `can't be used (${cause.code})`;
      const message = `${port} on ${host} ${why}`;
      reject(new ConfigError('The development broker cannot listen', [{ path, message }], { cause }));
    });
    server.listen(port, host, resolve);
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });
