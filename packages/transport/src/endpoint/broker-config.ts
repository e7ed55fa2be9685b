import type { Issue } from '@intersect-sdk/core';
import {
  count,
  custom,
  flag,
  ms,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  oneOf,
  port,
  readNested,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';
import { hostRow } from './hosts.js';
import { NO_PROXY_OVER_AMQP, proxyOf, proxyRow } from './proxy.js';
import { type Redacted, redactPath, redactWhenPrinted } from './redact.js';
import { AMQP_SCHEMES, MQTT_SCHEMES } from './schemes.js';
import { type TlsOptions, tlsOf, tlsRow } from './tls.js';
import { parseUrl } from './url.js';

/** As the Python SDK names them. */
export type BrokerProtocol = 'mqtt5.0' | 'amqp0.9.1';

/** A virtual host stands in errors, so a URL with a password must not be taken for one. */
const NO_URL = /^(?!.*:\/\/)/s;

const BROKER_OPTIONS = {
  /** `mqtt5.0` or `amqp0.9.1`, as the Python SDK names them. */
  protocol: required(oneOf(['mqtt5.0', 'amqp0.9.1'], { variable: 'INTERSECT_BROKER_PROTOCOL' })),
  /** The user name at the broker. */
  username: required(text({ variable: 'INTERSECT_BROKER_USERNAME' })),
  /** The password at the broker. */
  password: required(text({ variable: 'INTERSECT_BROKER_PASSWORD' })),
  /**
   * A name or an address, without protocol and port.
   * @default '127.0.0.1'
   */
  host: { ...hostRow(), variable: 'INTERSECT_BROKER_HOST' },
  /**
   * The broker's port, 1 to 65535.
   * @default 1883 for MQTT (TLS 8883, WebSocket 15675), 5672 for AMQP (TLS 5671)
   */
  port: port({ nullable: true, variable: 'INTERSECT_BROKER_PORT' }),
  /**
   * The virtual host. AMQP only; over MQTT RabbitMQ takes it in the user name, as `vhost:user`.
   * @default the broker's own, `/`
   */
  vhost: text({ pattern: NO_URL, hint: 'must be a name, not a URL' }),
  /**
   * False: use the exchange and queues that are there, never make any. AMQP only; MQTT has nothing to make.
   * @default true
   */
  isRoot: flag({ default: true }),
  /**
   * True, or the certificates to use, to encrypt the connection. The broker's certificate is always checked.
   * @default false
   */
  tls: tlsRow(),
  /**
   * Speak MQTT over WebSocket on this path, e.g. `/ws`. In browsers there is no other way and the default is `/ws`.
   * @default plain TCP
   */
  webSocketPath: webSocketPathRow(),
  /**
   * An HTTP proxy (CONNECT) to reach the broker through, `http://proxy.lab:3128` or `https://`, with `user:password@` before the host if
   * it asks for them. MQTT only, and not in browsers, which have their own settings.
   * @default none; of the environment only `INTERSECT_BROKER_PROXY` is read
   */
  proxy: { ...proxyRow(), variable: 'INTERSECT_BROKER_PROXY' },
  /**
   * How long the broker waits for the acknowledgement of a message, in ms: RabbitMQ's `consumer_timeout`, or the policy `consumer-timeout`.
   * Compared with what operations declare; changes nothing at the broker. AMQP only.
   * @default 1800000 (30 minutes), RabbitMQ's own default
   */
  consumerTimeoutMs: ms({ max: Number.POSITIVE_INFINITY }),
  /**
   * How many unacknowledged messages the broker sends on one session: RabbitMQ's `mqtt.prefetch`, mosquitto's `max_inflight_messages`.
   * Reckoned with; changes nothing at the broker. MQTT only.
   * @default 10, RabbitMQ's own default
   */
  maxUnacknowledged: count({ max: 65_535 }),
} satisfies OptionTable;

/** One broker, as plain values: what a configuration file holds. */
export interface BrokerConfig extends Named, OptionsOf<typeof BROKER_OPTIONS> {}

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
  return readNested({ value: input, path, issues }, (read) => {
    const options = readTable(read, BROKER_OPTIONS);
    const { protocol, webSocketPath, port, isRoot, vhost, proxy, tls: givenTls } = options;
    if (webSocketPath !== undefined && protocol === 'amqp0.9.1') {
      read.addIssue('webSocketPath', 'is for mqtt5.0 only');
    }
    if (vhost !== undefined && protocol === 'mqtt5.0') {
      const message = "is for amqp0.9.1 only; over MQTT, RabbitMQ takes it in the user name, as 'vhost:user'";
      read.addIssue('vhost', message);
    }
    const { consumerTimeoutMs, maxUnacknowledged } = options;
    if (consumerTimeoutMs !== undefined && protocol === 'mqtt5.0') {
      read.addIssue('consumerTimeoutMs', 'is for amqp0.9.1 only: over MQTT no broker has such a limit');
    }
    if (maxUnacknowledged !== undefined && protocol === 'amqp0.9.1') {
      read.addIssue(
        'maxUnacknowledged',
        'is for mqtt5.0 only: over AMQP a program says itself how many it takes',
      );
    }
    const proxyForAmqp = proxy !== undefined && protocol === 'amqp0.9.1';
    if (proxyForAmqp) read.addIssue('proxy', NO_PROXY_OVER_AMQP);
    const resolvedProxy = proxyForAmqp ? undefined : proxyOf(read, proxy);
    const tls = tlsOf(read, givenTls);
    const config = {
      protocol,
      username: options.username,
      password: options.password,
      host: options.host,
      port: port ?? defaultPort(protocol, tls !== undefined, webSocketPath !== undefined),
      isRoot,
      tls: givenTls === true || (tls ?? false),
      ...(webSocketPath !== undefined && { webSocketPath }),
      ...(vhost !== undefined && { vhost }),
      ...(proxy !== undefined && { proxy }),
      ...(consumerTimeoutMs !== undefined && { consumerTimeoutMs }),
      ...(maxUnacknowledged !== undefined && { maxUnacknowledged }),
    };
    return redactWhenPrinted(config, ['password'], {
      ...(webSocketPath !== undefined && { webSocketPath: redactPath(webSocketPath) }),
      ...(proxy !== undefined && { proxy: resolvedProxy?.name }),
    });
  });
}

/** The row of one plain configuration of a broker. */
export function brokerRow(): OptionRow<BrokerConfig, ResolvedBrokerConfig> {
  return custom<BrokerConfig, ResolvedBrokerConfig>({
    fields: BROKER_OPTIONS,
    read: ({ value, path, issues }) => checkBrokerConfig(value, issues, path),
  });
}

/** The row of the option `webSocketPath`. */
export function webSocketPathRow(): OptionRow<string, string | undefined> {
  const hint = "must start with '/', without spaces and '#'";
  return text({ minLength: 0, pattern: /^\/[^\s#]*$/, hint });
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
