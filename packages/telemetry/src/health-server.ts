import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Telemetry } from './telemetry.js';

export interface HealthServerOptions {
  readonly telemetry: Telemetry;
  /** 0 for any free port. */
  readonly port: number;
  /**
   * Where it listens. Only what can reach this address can ask; others than this machine need `0.0.0.0` or `::`.
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined;
  /**
   * Also asked by `/ready`, e.g. whether an instrument is there.
   * @default ready as soon as the brokers are connected
   */
  readonly isReady?: (() => boolean | Promise<boolean>) | undefined;
}

export interface HealthServer extends AsyncDisposable {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `/live` with 200 as long as the process runs its event loop, `/ready` with 200 where the brokers are connected, else 503, and
 * `/metrics` with what Prometheus reads. Rejects where the port can't be used.
 */
export async function healthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { telemetry, port, host = '127.0.0.1', isReady = () => true } = options;
  const pages: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
    '/live': (response) => said(response, 200, 'live'),
    '/ready': async (response) => {
      const ready =
        telemetry.isReady &&
        (await Promise.resolve()
          .then(isReady)
          .catch(() => false));
      return said(response, ready ? 200 : 503, ready ? 'ready' : 'not ready');
    },
    '/metrics': (response) =>
      response
        .setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
        .end(telemetry.prometheusText()),
  };
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    response.setHeader('cache-control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD') return said(response, 405, 'only GET');
    if (!Object.hasOwn(pages, path)) return said(response, 404, 'ask for /live, /ready or /metrics');
    return pages[path]?.(response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      // Also called, with an error, where it is closed already.
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const { port: given } = server.address() as AddressInfo;
  return { port: given, close, [Symbol.asyncDispose]: close };
}

function said(response: ServerResponse, status: number, text: string): ServerResponse {
  return response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
