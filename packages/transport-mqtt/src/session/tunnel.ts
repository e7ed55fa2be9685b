import type { Socket } from 'node:net';
import { abortedError } from '@intersect-sdk/core/internal';
import {
  hostAndPort,
  type ResolvedHost,
  type ResolvedProxy,
  type ResolvedTls,
} from '@intersect-sdk/transport/endpoint';
import { proxyFailed, proxyLate, proxyRefused, type Through } from '../errors/proxy-errors.js';

export interface TunnelPlan {
  /** The broker's address without credentials. */
  readonly broker: string;
  readonly proxy: ResolvedProxy;
  readonly host: ResolvedHost;
  /** Authorities that may have signed the certificate of a proxy that is reached over TLS, beside those that Node knows. */
  readonly ca: ResolvedTls['ca'];
  /** How long the proxy may take, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * A socket to the broker that an HTTP proxy opened (CONNECT). Throws TransportError, and leaves nothing behind then.
 * The proxy resolves the broker's name.
 */
export function openTunnel({ broker, proxy, host, ca, timeoutMs, signal }: TunnelPlan): Promise<Socket> {
  const target = hostAndPort(host);
  const through: Through = { broker, proxy: proxy.name, target, hasUsername: proxy.username !== undefined };
  const authorization = authorizationOf(proxy);
  return new Promise<Socket>((resolve, reject) => {
    // Not imported, so that no bundler for browsers looks for it.
    const { getBuiltinModule } = globalThis.process;
    const { request: ask } = getBuiltinModule(proxy.tls ? 'node:https' : 'node:http');
    const request = ask({
      method: 'CONNECT',
      host: proxy.host,
      port: proxy.port,
      path: target,
      headers: {
        Host: target,
        ...(authorization !== undefined && { 'Proxy-Authorization': authorization }),
      },
      agent: false,
      ...(proxy.tls && ca !== undefined && { ca: [...authoritiesOfNode(), ...([ca].flat() as string[])] }),
    });
    const fail = (error: Error): void => {
      stopWaiting();
      request.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(abortedError(`Connecting to ${broker}`, signal));
    const timer = setTimeout(() => fail(proxyLate(through, timeoutMs)), timeoutMs);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    request.on('error', (error) => fail(proxyFailed(through, error)));
    request.on('connect', ({ statusCode = 0 }, socket, head) => {
      // Who uses it hears of its end by what is on top of it, too.
      socket.on('error', () => {});
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        fail(proxyRefused(through, statusCode));
        return;
      }
      stopWaiting();
      if (head.length > 0) socket.unshift(head);
      resolve(socket as Socket);
    });
    request.end();
  });
}

/** What is given as `ca` takes the place of these. */
function authoritiesOfNode(): readonly string[] {
  const tls = globalThis.process.getBuiltinModule('node:tls');
  // Newer versions of Node tell of those that NODE_EXTRA_CA_CERTS and the system add.
  const { getCACertificates } = tls as { readonly getCACertificates?: () => readonly string[] };
  return getCACertificates?.() ?? tls.rootCertificates;
}

function authorizationOf({ username, password }: ResolvedProxy): string | undefined {
  if (username === undefined && password === undefined) return undefined;
  const given = new TextEncoder().encode(`${username ?? ''}:${password ?? ''}`);
  return `Basic ${btoa(String.fromCharCode(...given))}`;
}
