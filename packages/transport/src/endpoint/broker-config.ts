import type { Issue } from '@intersect-sdk/core';
import { FieldReader } from '@intersect-sdk/core/internal';
import { readHost, readPort } from './hosts.js';
import { type Redacted, redactPath, redactWhenPrinted } from './redact.js';
import { AMQP_SCHEMES, MQTT_SCHEMES } from './schemes.js';
import { readTls, type TlsOptions } from './tls.js';
import { parseUrl } from './url.js';

/** As the Python SDK names them. */
export type BrokerProtocol = 'mqtt5.0' | 'amqp0.9.1';

/** One broker, as plain values: what a configuration file holds. */
export interface BrokerConfig {
  readonly protocol: BrokerProtocol;
  readonly username: string;
  readonly password: string;
  /** A name or an address, without protocol and port. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** @default 1883 for MQTT (TLS 8883, WebSocket 15675), 5672 for AMQP (TLS 5671) */
  readonly port?: number | undefined;
  /** The virtual host. AMQP only; over MQTT RabbitMQ takes it in the user name, as `vhost:user`. @default '/' */
  readonly vhost?: string | undefined;
  /** False: use the exchange and queues that are there, never make any. AMQP only; MQTT has nothing to make. @default true */
  readonly isRoot?: boolean | undefined;
  /** True, or the certificates to use, to encrypt the connection. @default false */
  readonly tls?: boolean | TlsOptions | undefined;
  /** Speak MQTT over WebSocket on this path, e.g. `/ws`. In browsers there is no other way and the default is `/ws`. */
  readonly webSocketPath?: string | undefined;
}

/** A broker configuration with every default filled in. Prints with its secrets redacted. */
export interface ResolvedBrokerConfig extends Redacted<BrokerConfig> {
  readonly host: string;
  readonly port: number;
  readonly isRoot: boolean;
  readonly tls: boolean | TlsOptions;
}

/** Where MQTT over WebSocket is unless something else is said: as RabbitMQ has it. */
export const WEB_SOCKET = { path: '/ws', port: 15675 } as const;

/**
 * Reads one broker configuration and remembers every problem in `issues`, with paths below `path`.
 * What it returns can be used only if no issue was added.
 */
export function checkBrokerConfig(input: unknown, issues: Issue[], path = ''): ResolvedBrokerConfig {
  const read = new FieldReader(input, issues, path);
  const protocol = read.requiredText('protocol', { oneOf: ['mqtt5.0', 'amqp0.9.1'] }) as BrokerProtocol;
  const username = read.requiredText('username', { minLength: 1 });
  const password = read.requiredText('password', { minLength: 1 });
  const host = readHost(read);
  const tls = readTls(read);
  const webSocketPath = readWebSocketPath(read);
  const port = readPort(read, defaultPort(protocol, tls !== undefined, webSocketPath !== undefined));
  const isRoot = read.boolean('isRoot', true);
  const vhost = read.text('vhost', undefined, VHOST);
  if (vhost !== undefined && protocol === 'mqtt5.0') {
    read.addIssue(
      'vhost',
      "is for amqp0.9.1 only; over MQTT, RabbitMQ takes it in the user name, as 'vhost:user'",
    );
  }
  if (webSocketPath !== undefined && protocol === 'amqp0.9.1') {
    read.addIssue('webSocketPath', 'is for mqtt5.0 only');
  }
  read.rejectUnknown();
  const config = {
    protocol,
    username,
    password,
    host,
    port,
    isRoot,
    ...(vhost !== undefined && { vhost }),
    tls: read.raw('tls') === true || (tls ?? false),
    ...(webSocketPath !== undefined && { webSocketPath }),
  };
  return redactWhenPrinted(config, ['password'], {
    ...(webSocketPath !== undefined && { webSocketPath: redactPath(webSocketPath) }),
  });
}

/** It stands in errors, so a URL with a password must not. */
const VHOST = { minLength: 1, pattern: /^(?!.*:\/\/)/s, hint: 'must be a name, not a URL' } as const;

/** Reads `webSocketPath`. */
export function readWebSocketPath(read: FieldReader, fallback?: string): string | undefined {
  const hint = "must start with '/', without spaces and '#'";
  return read.text('webSocketPath', fallback, { pattern: /^\/[^\s#]*$/, hint });
}

function defaultPort(protocol: BrokerProtocol, tls: boolean, webSocket: boolean): number {
  if (protocol === 'amqp0.9.1') return AMQP_SCHEMES[tls ? 'amqps' : 'amqp'].port;
  return webSocket ? WEB_SOCKET.port : MQTT_SCHEMES[tls ? 'mqtts' : 'mqtt'].port;
}

const URL_RULE = {
  schemes: {
    ...MQTT_SCHEMES,
    ...AMQP_SCHEMES,
  },
  example: 'mqtt://user:password@host:1883, or begin with mqtts, ws, wss, amqp or amqps',
} as const;

/** The fields of a configuration that a URL like `mqtt://user:password@host:1883` names; `refuse` is told of each problem. */
export function brokerFieldsOf(text: string, refuse: (message: string) => void): Partial<BrokerConfig> {
  const url = parseUrl(text, URL_RULE, refuse);
  if (!url) return {};
  const { scheme, tls, host, port, after, username, password } = url;
  return {
    protocol: scheme.startsWith('amqp') ? 'amqp0.9.1' : 'mqtt5.0',
    tls,
    host,
    port,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(scheme.startsWith('amqp') && after !== undefined && { vhost: after }),
    ...(scheme.startsWith('ws') && { webSocketPath: after ?? WEB_SOCKET.path }),
  };
}
