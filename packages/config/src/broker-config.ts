import { ConfigError, type Issue } from '@intersect-sdk/core';
import { FieldReader } from '@intersect-sdk/core/internal';
import { redactWhenPrinted } from './redact.js';

/** As the Python SDK names them. */
export type BrokerProtocol = 'mqtt5.0' | 'amqp0.9.1';

/** TLS beyond the system's own list of authorities. Every text is PEM. */
export interface BrokerTls {
  /** Authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
  /** The client's certificate; needs `key`. */
  readonly cert?: string | undefined;
  /** The client's private key; needs `cert`. */
  readonly key?: string | undefined;
  /** For an encrypted `key`. */
  readonly passphrase?: string | undefined;
  /** The name the broker's certificate must carry. Default: `host`. */
  readonly serverName?: string | undefined;
}

/** One broker, as plain values: what a configuration file holds. */
export interface BrokerConfig {
  readonly protocol: BrokerProtocol;
  readonly username: string;
  readonly password: string;
  /** A name or an address, without protocol and port. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** @default 1883 for MQTT (TLS 8883, WebSocket 15675), 5672 for AMQP (TLS 5671) */
  readonly port?: number | undefined;
  /** False: use the exchange and queues that are there, never make any. AMQP only; MQTT has nothing to make. @default true */
  readonly isRoot?: boolean | undefined;
  /** True, or the certificates to use, to encrypt the connection. @default false */
  readonly tls?: boolean | BrokerTls | undefined;
  /** Speak MQTT over WebSocket on this path, e.g. `/ws`. In browsers there is no other way and the default is `/ws`. */
  readonly webSocketPath?: string | undefined;
}

/** A broker configuration with every default filled in. Prints with its secrets redacted. */
export interface ResolvedBrokerConfig extends BrokerConfig {
  readonly host: string;
  readonly port: number;
  readonly isRoot: boolean;
  readonly tls: boolean | BrokerTls;
}

// A lone colon is a port that was put into the host; two or more make an IPv6 address.
const HOST = /^(?:[^\s/:@]+|(?=(?:.*:){2})[0-9a-fA-F:.]+)$/;

/**
 * Reads one broker configuration and remembers every problem in `issues`, with paths below `path`.
 * What it returns can be used only if no issue was added.
 */
export function checkBrokerConfig(input: unknown, issues: Issue[], path = ''): ResolvedBrokerConfig {
  const fields = new FieldReader(input, issues, path);
  const protocol = fields.requiredText('protocol', { oneOf: ['mqtt5.0', 'amqp0.9.1'] }) as BrokerProtocol;
  const username = fields.requiredText('username', { minLength: 1 });
  const password = fields.requiredText('password', { minLength: 1 });
  const host = fields.text('host', '127.0.0.1', {
    minLength: 1,
    pattern: HOST,
    hint: 'must be a host name or address alone, without protocol and port',
  });
  const port = fields.number('port', undefined, { integer: true, min: 1, max: 65535 });
  const isRoot = fields.boolean('isRoot', true);
  const tls = readTls(fields);
  const webSocketPath = fields.text('webSocketPath', undefined, {
    pattern: /^\//,
    hint: "must start with '/'",
  });
  if (webSocketPath !== undefined && protocol === 'amqp0.9.1') {
    fields.addIssue('webSocketPath', 'is for mqtt5.0 only');
  }
  fields.rejectUnknown();
  const config = {
    protocol,
    username,
    password,
    host,
    port: port ?? defaultPort(protocol, tls !== false, webSocketPath !== undefined),
    isRoot,
    tls,
    ...(webSocketPath !== undefined && { webSocketPath }),
  };
  return redactWhenPrinted(config, ['password']);
}

/** Like `checkBrokerConfig`, but throws one ConfigError with all problems. */
export function resolveBrokerConfig(input: unknown): ResolvedBrokerConfig {
  const issues: Issue[] = [];
  const config = checkBrokerConfig(input, issues);
  if (issues.length > 0) throw new ConfigError('The broker configuration cannot be used', issues);
  return config;
}

function readTls(fields: FieldReader): boolean | BrokerTls {
  const value = fields.raw('tls');
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  const tls = new FieldReader(value, fields.issues, fields.pathOf('tls'));
  const texts: Record<string, string> = {};
  for (const name of ['ca', 'cert', 'key', 'passphrase', 'serverName']) {
    const text = tls.text(name, undefined, { minLength: 1 });
    if (text !== undefined) texts[name] = text;
  }
  if ((tls.raw('cert') === undefined) !== (tls.raw('key') === undefined)) {
    tls.addIssue(tls.raw('cert') === undefined ? 'cert' : 'key', 'is required: cert and key come together');
  }
  tls.rejectUnknown();
  return redactWhenPrinted<BrokerTls>(texts, ['key', 'passphrase']);
}

function defaultPort(protocol: BrokerProtocol, encrypted: boolean, webSocket: boolean): number {
  if (protocol === 'amqp0.9.1') return encrypted ? 5671 : 5672;
  if (webSocket) return 15675;
  return encrypted ? 8883 : 1883;
}
