import type { FieldReader } from '@intersect-sdk/core/internal';
import {
  AMQP_SCHEMES,
  type BrokerHost,
  type CredentialsSource,
  DEFAULT_HOST,
  type Redacted,
  type ResolvedHost,
  type ResolvedTls,
  readCredentials,
  readHosts,
  readOptions,
  readTls,
  readUrl,
  redactWhenPrinted,
  refuseBeside,
  type TlsOptions,
} from '@intersect-sdk/transport/endpoint';

/**
 * How to reach the broker. User name and password must come from one of `url`, `username` with
 * `password`, or `credentials`.
 */
export interface AmqpOptions {
  /** `amqp://user:password@host:port/vhost`, or `amqps://` for TLS, instead of the fields that it covers. */
  readonly url?: string | undefined;
  /** A name or an address. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** @default 5672, with TLS 5671 */
  readonly port?: number | undefined;
  /** Several brokers of one cluster, instead of `host`. Each connect tries all of them, beginning with the one after the host that was tried last. */
  readonly hosts?: readonly (string | BrokerHost)[] | undefined;
  /** The virtual host. @default '/' */
  readonly vhost?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /**
   * Asked again for each connection, so that passwords and tokens can change. Instead of `username` and `password`. When it
   * throws or is late, connecting is tried again as after any fault that may pass.
   */
  readonly credentials?: CredentialsSource | undefined;
  /** True, or what TLS needs. The broker's certificate is always checked. @default false, true with an `amqps:` URL */
  readonly tls?: boolean | TlsOptions | undefined;
  /** How often both sides show that they are alive, in seconds. A silent connection is given up after two to three of these. @default 10 */
  readonly heartbeatS?: number | undefined;
  /** How long each host may take, from asking for credentials until the connection can be used, in ms. @default 10000 */
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
  host: DEFAULT_HOST,
  port: AMQP_SCHEMES.amqp.port,
  tlsPort: AMQP_SCHEMES.amqps.port,
  vhost: '/',
  heartbeatS: 10,
  connectTimeoutMs: 10_000,
  isRoot: true,
  exchange: 'intersect-messages',
  maxPayloadBytes: 16 * 1024 * 1024,
} as const;

/** Checked, complete options. JSON and `util.inspect` of them show no secret. */
export type ResolvedAmqpOptions = Redacted<{
  readonly hosts: readonly ResolvedHost[];
  readonly vhost: string;
  readonly credentials: CredentialsSource;
  readonly tls: ResolvedTls | undefined;
  readonly heartbeatS: number;
  readonly connectTimeoutMs: number;
  readonly isRoot: boolean;
  readonly exchange: string;
  readonly maxPayloadBytes: number;
  readonly connectionName: string | undefined;
}>;

/** Begins the sentence about options that can't be used. */
export const OPTIONS_INVALID = 'The AMQP options cannot be used';

const URL_RULE = {
  schemes: AMQP_SCHEMES,
  example: 'amqp://user:password@host:5672/vhost, or amqps:// for TLS',
} as const;
/** Sixteen bits on the wire. */
const HEARTBEAT = { min: 1, max: 65_535, integer: true } as const;
/** The longest time that a timer can be set to. */
const TIMEOUT = { min: 1, max: 2 ** 31 - 1, integer: true } as const;

/** Throws one ConfigError (CONFIG_INVALID) that lists every problem. Changes nothing in its input. */
export function resolveAmqpOptions(input: AmqpOptions): ResolvedAmqpOptions {
  return readOptions(OPTIONS_INVALID, input, readAmqpOptions);
}

/** Reads this package's fields, for a factory that reads more from the same object. */
export function readAmqpOptions(fields: FieldReader): ResolvedAmqpOptions {
  const url = readUrl(fields, URL_RULE);
  const tls = readTls(fields, url && { name: url.scheme, tls: url.tls });
  if (url?.after !== undefined) refuseBeside(fields, 'url', ['vhost']);
  const options = {
    hosts: readHosts(fields, { url, port: tls ? AMQP_DEFAULTS.tlsPort : AMQP_DEFAULTS.port }),
    vhost: readName(fields, 'vhost', url?.after ?? AMQP_DEFAULTS.vhost),
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
  };
  return redactWhenPrinted(options, ['credentials']);
}

function readName(fields: FieldReader, name: string, fallback: string): string {
  // A URL in the wrong place may hold a password, and these names stand in errors.
  const rule = { minLength: 1, pattern: /^(?!.*:\/\/)/s, hint: 'must be a name, not a URL' };
  const value = fields.text(name, fallback, rule);
  if (new TextEncoder().encode(value).length > 255) fields.addIssue(name, 'must have at most 255 bytes');
  return value;
}
