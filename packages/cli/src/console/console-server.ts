import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConsoleSettings, TUNNEL_PROTOCOL } from '@intersect-sdk/console/tunnel';
import { WebSocketServer } from 'ws';
import { UsageError } from '../outcome/usage-error.js';
import { Guard } from './guard.js';
import type { PageFiles } from './page-files.js';
import { PageMemory } from './page-memory.js';
import { policyFor } from './policy.js';
import { Tunnel } from './tunnel.js';
import { TUNNEL_PATH, type WayToBroker } from './way-to-brokers.js';

export interface ConsoleServerOptions {
  readonly files: PageFiles;
  readonly ways: readonly WayToBroker[];
  readonly readOnly: boolean;
  /** What is known of services already, as JSON. */
  readonly services: () => string;
  /** 0 for any free one. */
  readonly port: number;
}

export interface ConsoleServer extends AsyncDisposable {
  /** With the token in its fragment, which no browser sends to any server. */
  readonly url: string;
}

/** Where the page keeps what passed until it is loaded again. */
const KEPT_PATH = '/timeline.jsonl';
/** The largest message that a page may send, in bytes: more than brokers take by default. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** Serves the page on this machine alone, and carries its traffic. */
export async function serveConsole(options: ConsoleServerOptions): Promise<ConsoleServer> {
  const { ways, readOnly } = options;
  const guard = new Guard();
  const settings: ConsoleSettings = { brokers: ways.map(({ told }) => told), readOnly };
  const headers = fixedHeaders(settings);
  const memory = new PageMemory();
  const tunnels = new Set<Tunnel>();
  const server = createServer((request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    answer(request, response);
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => TUNNEL_PROTOCOL,
  });

  function answer(request: IncomingMessage, response: ServerResponse): unknown {
    if (!guard.isOurs(request.headers)) return end(response, 403);
    // No URL is made of it: a page elsewhere can ask for `//`, which is none.
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const isKept = path === KEPT_PATH;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !(isKept && request.method === 'PUT'))
      return end(response, 405);
    const told = { '/config.json': () => JSON.stringify(settings), '/services.json': options.services };
    if (isKept || Object.hasOwn(told, path)) {
      if (!guard.hasToken(request.headers.authorization?.replace(/^Bearer /, ''))) return end(response, 401);
      response.setHeader('cache-control', 'no-store');
      if (isKept) return memory.answer(request, response);
      return response.setHeader('content-type', 'application/json').end(told[path as keyof typeof told]());
    }
    const file = options.files.get(path);
    if (!file) return end(response, 404);
    response.setHeader('cache-control', file.isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
    return response
      .setHeader('content-type', file.contentType)
      .end(request.method === 'HEAD' ? undefined : file.body);
  }

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Nobody else listens from here on: one that is refused and gone already must not end the console.
    stream.on('error', () => {});
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const { driver } = ways[Number(request.url?.slice(TUNNEL_PATH.length))] ?? {};
    const status = !guard.isOurPage(request.headers)
      ? '403 Forbidden'
      : !offered.includes(TUNNEL_PROTOCOL) || !offered.some((name) => guard.hasToken(name))
        ? '401 Unauthorized'
        : !request.url?.startsWith(TUNNEL_PATH) || !driver
          ? '404 Not Found'
          : undefined;
    if (status !== undefined || !driver) {
      stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const tunnel = new Tunnel(socket, { driver, readOnly });
      tunnels.add(tunnel);
      socket.on('close', () => tunnels.delete(tunnel));
    });
  });

  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  guard.listensAt(port);
  return {
    url: `http://127.0.0.1:${port}/#token=${guard.token}`,
    async [Symbol.asyncDispose]() {
      await Promise.all([...tunnels].map((tunnel) => tunnel.end()));
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
    throw new UsageError(`Port ${port} ${why}: choose another with --port, or 0 for any free one`);
  }
}

function fixedHeaders(settings: ConsoleSettings): readonly (readonly [string, string])[] {
  return [
    ['content-security-policy', policyFor(settings)],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
  ];
}

function end(response: ServerResponse, status: number): ServerResponse {
  return response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end();
}
