import {
  bytes,
  callback,
  custom,
  type FieldReader,
  flag,
  ms,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  port,
  type ResolvedOf,
  readTable,
  seconds,
  text,
} from '@intersect-sdk/core/internal';
import type { SupervisorOptions } from '@intersect-sdk/transport';
import {
  AMQP_SCHEMES,
  type CredentialsSource,
  credentialsOf,
  hostRow,
  hostsOf,
  hostsRow,
  type Redacted,
  type ResolvedHost,
  type ResolvedTls,
  readOptions,
  redactWhenPrinted,
  refuseBeside,
  tlsOf,
  tlsRow,
  urlOf,
} from '@intersect-sdk/transport/endpoint';
import { queueTypeRow } from './queue-types.js';

export const DEFAULT_VHOST = '/';

const AMQP_OPTIONS = {
  /**
   * `amqp://user:password@host:port/vhost`, or `amqps://` for TLS, instead of the fields that it covers; escape special characters
   * (`%2F` for `/`).
   * @default what these say
   */
  url: text({ minLength: 0 }),
  /**
   * A name or an address.
   * @default '127.0.0.1'
   */
  host: hostRow(),
  /**
   * The broker's port, and that of the `hosts` that name none.
   * @default 5672, with TLS 5671
   */
  port: port(),
  /**
   * Several brokers of one cluster, names or `{ host, port }`, instead of `host`. Each connect tries all of them, beginning with the one
   * after the host that was tried last.
   * @default `host` alone
   */
  hosts: hostsRow(),
  /**
   * The virtual host.
   * @default '/'
   */
  vhost: nameRow(DEFAULT_VHOST),
  /**
   * The user name at the broker.
   * @default required, unless `url` or `credentials` gives it
   */
  username: text(),
  /**
   * The password at the broker.
   * @default required, unless `url` or `credentials` gives it
   */
  password: text({ minLength: 0 }),
  /**
   * A function that gives `{ username, password }`, instead of both. It is asked again for each connection, so that passwords and tokens
   * can change. When it throws or is late, connecting is tried again as after any fault that may pass.
   * @default `username` and `password`
   */
  credentials: callback<CredentialsSource>(),
  /**
   * True, or what TLS needs: `{ ca, cert, key, passphrase, serverName }`. The broker's certificate is always checked.
   * @default false, true with an `amqps:` URL
   */
  tls: tlsRow(),
  /**
   * How often both sides show that they are alive, in s. A silent connection is given up after two to three of these.
   * @default 10
   */
  heartbeatS: seconds({ default: 10, max: 65_535, integer: true }),
  /**
   * How long each host may take, from asking for credentials until the connection can be used, in ms.
   * @default 10000
   */
  connectTimeoutMs: ms({ default: 10_000, integer: true }),
  /**
   * False: the exchange and the durable queues exist already and are only checked, never declared.
   * @default true
   */
  isRoot: flag({ default: true }),
  /**
   * The topic exchange that all programs share.
   * @default 'intersect-messages'
   */
  exchange: nameRow('intersect-messages'),
  /**
   * The type, `classic` or `quorum`, of the queues that this program alone declares: `{ session, event }`. That of request and response queues
   * is the virtual host's default queue type: other programs declare those too, and would be locked out.
   * @default the virtual host's default queue type
   */
  queueType: queueTypeRow(),
  /**
   * The largest payload to send, in bytes; a larger one rejects before it is sent. The default is RabbitMQ 4's own `max_message_size`.
   * @default 16777216 (16 MiB)
   */
  maxPayloadBytes: bytes({ default: 16 * 1024 * 1024 }),
  /**
   * What the broker's overview calls this connection.
   * @default `intersect-sdk` and the id of the session
   */
  connectionName: text(),
} satisfies OptionTable;

/**
 * How to reach the broker. User name and password must come from one of `url`, `username` with
 * `password`, or `credentials`.
 */
export interface AmqpOptions extends Named, OptionsOf<typeof AMQP_OPTIONS> {}

/** Options of the connection and of what keeps it up. */
export interface AmqpTransportOptions extends AmqpOptions, SupervisorOptions {}

type AsGiven = Omit<ResolvedOf<typeof AMQP_OPTIONS>, 'url' | 'host' | 'port' | 'username' | 'password'>;

/** Checked, complete options. JSON and `util.inspect` of them show no secret. */
export interface ResolvedAmqpOptions extends Redacted<AsGiven> {
  readonly hosts: readonly ResolvedHost[];
  readonly credentials: CredentialsSource;
  readonly tls: ResolvedTls | undefined;
}

/** Begins the sentence about options that can't be used. */
export const OPTIONS_INVALID = 'The AMQP options cannot be used';

const URL_RULE = {
  schemes: AMQP_SCHEMES,
  example: 'amqp://user:password@host:5672/vhost, or amqps:// for TLS',
} as const;

/** Throws one ConfigError (CONFIG_INVALID) that lists every problem. Changes nothing in its input. */
export function resolveAmqpOptions(input: AmqpOptions): ResolvedAmqpOptions {
  return readOptions(OPTIONS_INVALID, input, readAmqpOptions);
}

/** Reads this package's fields, for a factory that reads more from the same object. */
export function readAmqpOptions(fields: FieldReader): ResolvedAmqpOptions {
  const { url: urlText, host, port, hosts, username, password, ...given } = readTable(fields, AMQP_OPTIONS);
  const url = urlOf(fields, urlText, URL_RULE);
  const tls = tlsOf(fields, given.tls, url && { name: url.scheme, tls: url.tls });
  if (url?.after !== undefined) refuseBeside(fields, 'url', ['vhost']);
  const usualPort = AMQP_SCHEMES[tls ? 'amqps' : 'amqp'].port;
  const vhostOfUrl = url?.after && nameRow('').read({ ...fields.at('vhost'), value: url.after });
  const options = {
    ...given,
    hosts: hostsOf(fields, { host, port, hosts }, { url, port: usualPort }),
    vhost: vhostOfUrl || given.vhost,
    credentials: credentialsOf(fields, { username, password, credentials: given.credentials }, url),
    tls,
  };
  return redactWhenPrinted(options, ['credentials']);
}

/** A short string of AMQP. A URL in the wrong place may hold a password, and these names stand in errors. */
function nameRow(fallback: string): OptionRow<string, string> {
  const name = text({ default: fallback, pattern: /^(?!.*:\/\/)/s, hint: 'must be a name, not a URL' });
  const utf8 = new TextEncoder();
  return custom<string, string>({
    ...name,
    read(given) {
      const value = name.read(given);
      if (utf8.encode(value).length <= 255) return value;
      given.issues.push({ path: given.path, message: 'must have at most 255 bytes' });
      return fallback;
    },
  });
}
