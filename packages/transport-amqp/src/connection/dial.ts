import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { TransportError } from '@intersect-sdk/core';
import { abortedError, onAbort } from '@intersect-sdk/core/internal';
import type { OpenOptions } from '@intersect-sdk/transport';
import {
  askCredentials,
  type Credentials,
  hostAndPort,
  type ResolvedHost,
  type ResolvedTls,
} from '@intersect-sdk/transport/endpoint';
import { type ChannelModel, connect } from 'amqplib';
import { openError, type Target, timeoutError } from '../errors/open-errors.js';
import type { ResolvedAmqpOptions } from '../options.js';
import { askWhyRefused, isVirtualHostRefusal } from './vhost-error.js';

export interface DialPlan {
  readonly host: ResolvedHost;
  readonly options: ResolvedAmqpOptions;
  readonly open: OpenOptions;
}

export interface Dialled {
  readonly connection: ChannelModel;
  readonly drop: () => void;
  readonly at: string;
}

/**
 * Connects to one host and lets `start` make the connection usable, both within the time limit and
 * only while the caller's signal allows it. Throws TransportError and then leaves nothing behind.
 */
export async function dial<T>(plan: DialPlan, start: (dialled: Dialled) => Promise<T>): Promise<T> {
  const { options, open } = plan;
  const target = targetOf(plan);
  const { credentials, leftMs } = await askCredentials(options.credentials, {
    broker: target.at,
    timeoutMs: options.connectTimeoutMs,
    signal: open.signal,
  });
  // amqplib hands out no socket; the signal reaches it in every state, from the first packet to the last. It is not waited for with
  // `within` and `untilAborted`: they leave what they gave up alone, while here the caller, the time and the link itself all end one socket.
  const life = new AbortController();
  const drop = (): void => life.abort();
  const stopped = new Promise<never>((_, reject) => {
    life.signal.addEventListener('abort', () => reject(life.signal.reason), { once: true });
  });
  stopped.catch(() => {});
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    drop();
  }, leftMs);
  const stopListening = onAbort(open.signal, drop);
  try {
    if (open.signal.aborted) drop();
    // A socket that is made with an aborted signal is destroyed, and connects all the same.
    life.signal.throwIfAborted();
    const connection = await Promise.race([stopped, connectOnce(plan, credentials, life.signal)]);
    return await Promise.race([stopped, start({ connection, drop, at: target.at })]);
  } catch (error) {
    drop();
    if (open.signal.aborted) throw abortedError(`Connecting to ${target.at}`, open.signal);
    if (timedOut) throw timeoutError(target, options.connectTimeoutMs);
    throw error instanceof TransportError ? error : openError(error, target);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

function targetOf({ host, options: { tls, vhost } }: DialPlan): Target {
  return {
    at: hostAndPort(host),
    tls: tls !== undefined,
    vhost,
  };
}

/** Without `timeout`, which amqplib declares with another type. */
type TlsSocketOptions = Omit<ConnectionOptions, 'timeout'>;

async function connectOnce(
  { host: { host, port }, options, open }: DialPlan,
  { username, password }: Credentials,
  signal: AbortSignal,
): Promise<ChannelModel> {
  const { heartbeatS: heartbeat, vhost, connectionName = `intersect-sdk ${open.session.id}` } = options;
  const tls = options.tls && tlsSocketOptions(options.tls, host);
  const where = {
    protocol: tls ? 'amqps' : 'amqp',
    hostname: host,
    port,
    username,
    password,
    // amqplib decodes it.
    vhost: encodeURIComponent(vhost),
    heartbeat,
  };
  const socket = {
    signal,
    // Without it Nagle's algorithm and delayed acknowledgements hold every lone message back for 40 ms.
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: connectionName },
    ...tls,
  };
  try {
    return await connect(where, socket);
  } catch (error) {
    if (signal.aborted || !isVirtualHostRefusal(error)) throw error;
    throw await askWhyRefused({ host, port, vhost, username, password, signal, tls });
  }
}

function tlsSocketOptions(tls: ResolvedTls, host: string): TlsSocketOptions {
  const { serverName, ...pems } = tls;
  const servername = serverName ?? (isIP(host) === 0 ? host : undefined);
  const given = Object.entries({ ...pems, servername }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), rejectUnauthorized: true };
}
