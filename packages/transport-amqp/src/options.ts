import type { Issue } from '@intersect-sdk/core';
import { FieldReader, throwConfigError } from '@intersect-sdk/core/internal';
import { type BrokerUrl, readBrokerUrl } from './broker-url.js';
import { type AmqpTlsOptions, type ResolvedTls, readTls, redactTls } from './tls-options.js';

export interface AmqpCredentials {
  readonly username: string;
  readonly password: string;
}

export interface AmqpHost {
  /** A name or an address. */
  readonly host: string;
  /** @default 5672, with TLS 5671 */
  readonly port?: number | undefined;
}

/**
 * How to reach the broker. User name and password must come from one of `url`, `username` with
 * `password`, or `credentials`.
 */
export interface AmqpOptions {
  /** `amqp://user:password@host:port/vhost`, or `amqps://` for TLS, instead of the fields that it covers. */
  readonly url?: string | undefined;
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** @default 5672, with TLS 5671 */
  readonly port?: number | undefined;
  /** Several brokers of one cluster, instead of `host` and `port`. Each connect tries all of them, beginning with the next one. */
  readonly hosts?: readonly AmqpHost[] | undefined;
  /** The virtual host. @default '/' */
  readonly vhost?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Asked again for each connection, so that passwords and tokens can change. Instead of `username` and `password`. */
  readonly credentials?: (() => AmqpCredentials | Promise<AmqpCredentials>) | undefined;
  /** True, or what TLS needs. The broker's certificate is always checked. @default false, true with an `amqps:` URL */
  readonly tls?: boolean | AmqpTlsOptions | undefined;
  /** How often both sides show that they are alive, in seconds. A silent connection is given up after two to three of these. @default 10 */
  readonly heartbeatS?: number | undefined;
  /** How long each host may take from the first packet until the connection can be used, in ms. @default 10000 */
  readonly connectTimeoutMs?: number | undefined;
  /** False: the exchange and the durable queues exist already and are only checked, never declared. @default true */
  readonly isRoot?: boolean | undefined;
  /** The topic exchange that all programs share. @default 'intersect-messages' */
  readonly exchange?: string | undefined;
  /** The largest payload to send, in bytes. The default is RabbitMQ 4's own `max_message_size`. @default 16777216 */
  readonly maxPayloadBytes?: number | undefined;
  /** What the broker's overview calls this connection. @default 'intersect-sdk' and the id of the session */
  readonly connectionName?: string | undefined;
}

export const AMQP_DEFAULTS = {
  host: '127.0.0.1',
  port: 5672,
  tlsPort: 5671,
  vhost: '/',
  heartbeatS: 10,
  connectTimeoutMs: 10_000,
  isRoot: true,
  exchange: 'intersect-messages',
  maxPayloadBytes: 16 * 1024 * 1024,
} as const;

/** Checked, complete options. JSON and `util.inspect` of them show no secret. */
export interface ResolvedAmqpOptions {
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly vhost: string;
  readonly credentials: () => AmqpCredentials | Promise<AmqpCredentials>;
  readonly tls: ResolvedTls | undefined;
  readonly heartbeatS: number;
  readonly connectTimeoutMs: number;
  readonly isRoot: boolean;
  readonly exchange: string;
  readonly maxPayloadBytes: number;
  readonly connectionName: string | undefined;
  toJSON(): object;
}

const PORT = { min: 1, max: 65_535, integer: true } as const;
/** Sixteen bits on the wire. */
const HEARTBEAT = { min: 1, max: 65_535, integer: true } as const;
/** The longest time that a timer can be set to. */
const TIMEOUT = { min: 1, max: 2 ** 31 - 1, integer: true } as const;

/** Throws one ConfigError (CONFIG_INVALID) that lists every problem. Changes nothing in its input. */
export function resolveAmqpOptions(input: AmqpOptions): ResolvedAmqpOptions {
  const issues: Issue[] = [];
  const fields = new FieldReader(input, issues);
  const resolved = readAmqpOptions(fields);
  fields.rejectUnknown();
  throwConfigError('Invalid AMQP options', issues);
  return resolved;
}

/** Reads this package's fields, for a factory that reads more from the same object. */
export function readAmqpOptions(fields: FieldReader): ResolvedAmqpOptions {
  const url = readBrokerUrl(fields);
  const tls = readTls(fields, url?.tls ?? false);
  return withoutSecrets({
    hosts: readHosts(fields, url, tls ? AMQP_DEFAULTS.tlsPort : AMQP_DEFAULTS.port),
    vhost: readVhost(fields, url),
    credentials: readCredentials(fields, url),
    tls,
    heartbeatS: fields.number('heartbeatS', AMQP_DEFAULTS.heartbeatS, HEARTBEAT),
    connectTimeoutMs: fields.number('connectTimeoutMs', AMQP_DEFAULTS.connectTimeoutMs, TIMEOUT),
    isRoot: fields.boolean('isRoot', AMQP_DEFAULTS.isRoot),
    exchange: readName(fields, 'exchange', AMQP_DEFAULTS.exchange),
    maxPayloadBytes: fields.number('maxPayloadBytes', AMQP_DEFAULTS.maxPayloadBytes, {
      min: 1,
      integer: true,
    }),
    connectionName: fields.text('connectionName', undefined, { minLength: 1 }),
  });
}

function readHosts(
  fields: FieldReader,
  url: BrokerUrl | undefined,
  defaultPort: number,
): ResolvedAmqpOptions['hosts'] {
  refuseBeside(fields, 'url', ['host', 'port', 'hosts']);
  refuseBeside(fields, 'hosts', ['host', 'port']);
  const host = fields.text('host', url?.host ?? AMQP_DEFAULTS.host, { minLength: 1 });
  const port = fields.number('port', url?.port ?? defaultPort, PORT);
  const hosts = fields.list('hosts', (value, path) => {
    const entry = new FieldReader(value, fields.issues, path);
    const read = {
      host: entry.requiredText('host', { minLength: 1 }),
      port: entry.number('port', defaultPort, PORT),
    };
    entry.rejectUnknown();
    return read;
  });
  if (Array.isArray(fields.raw('hosts')) && hosts.length === 0) {
    fields.addIssue('hosts', 'must name at least one host');
  }
  return hosts.length > 0 ? hosts : [{ host, port }];
}

function readVhost(fields: FieldReader, url: BrokerUrl | undefined): string {
  if (url?.vhost !== undefined) refuseBeside(fields, 'url', ['vhost']);
  return readName(fields, 'vhost', url?.vhost ?? AMQP_DEFAULTS.vhost);
}

/** The secrets end up in a closure, where nothing can print them. */
function readCredentials(
  fields: FieldReader,
  url: BrokerUrl | undefined,
): ResolvedAmqpOptions['credentials'] {
  const ask = fields.callback<ResolvedAmqpOptions['credentials']>('credentials');
  refuseBeside(fields, 'credentials', ['username', 'password']);
  const inUrl = url?.username !== undefined || url?.password !== undefined;
  if (inUrl) {
    refuseBeside(fields, 'url', ['username', 'password', 'credentials']);
  } else if (fields.raw('credentials') === undefined) {
    for (const name of ['username', 'password']) {
      if (fields.raw(name) === undefined) {
        fields.addIssue(name, 'is required, unless url or credentials gives it');
      }
    }
  }
  const username = fields.text('username', url?.username ?? '', { minLength: 1 });
  const password = fields.text('password', url?.password ?? '');
  return ask ?? (() => ({ username, password }));
}

function refuseBeside(fields: FieldReader, other: string, names: readonly string[]): void {
  if (fields.raw(other) === undefined) return;
  for (const name of names) {
    if (fields.raw(name) !== undefined) fields.addIssue(name, `must not be given together with ${other}`);
  }
}

function readName(fields: FieldReader, name: string, fallback: string): string {
  const value = fields.text(name, fallback, { minLength: 1 });
  if (new TextEncoder().encode(value).length > 255) fields.addIssue(name, 'must have at most 255 bytes');
  return value;
}

function withoutSecrets(options: Omit<ResolvedAmqpOptions, 'toJSON'>): ResolvedAmqpOptions {
  const shown = (): object => ({
    ...options,
    credentials: '[redacted]',
    tls: options.tls && redactTls(options.tls),
  });
  return Object.defineProperties({ ...options } as ResolvedAmqpOptions, {
    toJSON: { value: shown },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: shown },
  });
}
