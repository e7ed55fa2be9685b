import {
  bytes,
  callback,
  count,
  type FieldReader,
  flag,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  oneOf,
  port,
  type ResolvedOf,
  readTable,
  seconds,
  text,
} from '@intersect-sdk/core/internal';
import type { SupervisorOptions } from '@intersect-sdk/transport';
import {
  type CredentialsSource,
  hostRow,
  hostsOf,
  hostsRow,
  MQTT_SCHEMES,
  type OptionalCredentials,
  optionalCredentialsOf,
  proxyOf,
  proxyRow,
  type Redacted,
  type ResolvedHost,
  type ResolvedProxy,
  type ResolvedTls,
  readOptions,
  redactPath,
  redactWhenPrinted,
  refuseBeside,
  tlsOf,
  tlsRow,
  urlOf,
  WEB_SOCKET,
  webSocketPathRow,
} from '@intersect-sdk/transport/endpoint';

export type MqttProtocol = 'mqtt' | 'mqtts' | 'ws' | 'wss';

const MQTT_OPTIONS = {
  /**
   * `mqtt://host:1883`, `mqtts://`, `ws://host:15675/ws` or `wss://`, with `user:password@` before the host if
   * you like; instead of `protocol`, `host`, `port`, `hosts` and `webSocketPath`.
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
   * @default 1883, with TLS 8883, over WebSocket 15675
   */
  port: port(),
  /**
   * Several addresses of one broker, names or `{ host, port }`, instead of `host`. Each connect tries all of them, beginning with
   * the one after the host that was tried last.
   * @default `host` alone
   */
  hosts: hostsRow(),
  /**
   * How MQTT goes over the network. Browsers can use `ws` and `wss` only.
   * @default what `tls` and `webSocketPath` ask for, else `mqtt`
   */
  protocol: oneOf(['mqtt', 'mqtts', 'ws', 'wss']),
  /**
   * Speak MQTT over WebSocket, on this path.
   * @default `/ws` where `protocol` is `ws` or `wss`
   */
  webSocketPath: webSocketPathRow(),
  /**
   * The user name at the broker.
   * @default none
   */
  username: text(),
  /**
   * The password at the broker.
   * @default none
   */
  password: text({ minLength: 0 }),
  /**
   * A function that gives `{ username, password }`, instead of both. It is asked again for each connection, so that passwords and tokens
   * can change. When it throws or is late, connecting is tried again as after any fault that may pass.
   * @default `username` and `password`
   */
  credentials: callback<CredentialsSource<OptionalCredentials>>(),
  /**
   * True, or what TLS needs: `{ ca, cert, key, passphrase, serverName }`, PEM as text or bytes. The broker's certificate is always checked.
   * Browsers bring their own certificates: there `true` is all.
   * @default false, true with `mqtts` and `wss`
   */
  tls: tlsRow(),
  /**
   * An HTTP proxy (CONNECT) to reach the broker through, `http://proxy.lab:3128`, with `user:password@` before the host if it asks for them.
   * With `https://` the proxy is reached over TLS; with `http://` the password goes to it in clear text. What is said to the broker is as
   * safe as `tls` makes it. The proxy resolves the broker's name. Node only: a browser has its own settings.
   * @default none; no variable of the environment is read
   */
  proxy: proxyRow(),
  /**
   * How long each host may take, from asking for credentials until the broker accepted, a proxy's part included, in ms.
   * @default 10000
   */
  connectTimeoutMs: ms({ default: 10_000 }),
  /**
   * After this time of silence the broker is asked whether it is there, in s; after half as long again the connection counts as lost.
   * @default 30
   */
  keepAliveS: seconds({ default: 30, max: 65_535, integer: true }),
  /**
   * How many durable messages may wait for the broker's confirmation at once; the rest waits inside. The broker may lower it.
   * @default 500
   */
  maxInFlight: count({ default: 500, max: 65_535 }),
  /**
   * How many unacknowledged messages the broker may send on one session; it may send fewer (RabbitMQ: 10, `mqtt.prefetch`).
   * @default 100
   */
  receiveMaximum: count({ default: 100, max: 65_535 }),
  /**
   * How many messages that are not acknowledged later (retention `none`, or sent with QoS 0) may wait for one handler; one more is refused
   * and reported.
   * @default 10000
   */
  maxQueuedMessages: count({ default: 10_000 }),
  /**
   * The largest packet to take in, in bytes; the broker drops larger ones.
   * @default no limit of ours
   */
  maxPacketSizeBytes: bytes({ min: 1024, max: 268_435_460 }),
  /**
   * Put before the session's id, for brokers that grant access by client id.
   * @default ''
   */
  clientIdPrefix: text({
    default: '',
    minLength: 0,
    pattern: /^[\w.:-]*$/,
    hint: "may have only letters, digits, '_', '.', ':' and '-'",
  }),
  /**
   * How long messages of an earlier run wait for a subscription after connecting, in ms; then they are refused and reported.
   * @default 10000
   */
  unclaimedGraceMs: ms({ default: 10_000, min: 0 }),
  /**
   * `auto`: in a page the connection is kept alive from a web worker, since browsers slow down a page's own
   * timers in a background tab. Where a Content-Security-Policy forbids that worker (it needs
   * `worker-src blob:`, and no trusted types), the page's timers do it; there a tab stays connected in the
   * background only with `keepAliveS: 120` or more. `worker`: a worker also elsewhere. `native`: none.
   * @default 'auto'
   */
  timerVariant: oneOf(['auto', 'worker', 'native'], { default: 'auto' }),
  /**
   * True: messages and their confirmations are read without mqtt.js, at a fraction of the cost. False: mqtt.js reads everything.
   * @default true
   */
  ownPackets: flag({ default: true }),
} satisfies OptionTable;

/** How to reach an MQTT 5 broker, and how much may be under way at once. */
export interface MqttOptions extends Named, OptionsOf<typeof MQTT_OPTIONS> {}

/** All that `mqttTransport` takes: the driver's options and the supervisor's. */
export interface MqttTransportOptions extends MqttOptions, SupervisorOptions {}

type AsGiven = Omit<
  ResolvedOf<typeof MQTT_OPTIONS>,
  'url' | 'host' | 'port' | 'username' | 'password' | 'proxy'
>;

/** Checked, complete options. JSON and `util.inspect` of them show no secret. */
export interface ResolvedMqttOptions extends Redacted<AsGiven> {
  readonly protocol: MqttProtocol;
  readonly hosts: readonly ResolvedHost[];
  /** Undefined unless the protocol is `ws` or `wss`. */
  readonly webSocketPath: string | undefined;
  readonly credentials: CredentialsSource<OptionalCredentials>;
  readonly tls: ResolvedTls | undefined;
  readonly proxy: Redacted<ResolvedProxy> | undefined;
}

/** Begins the sentence about options that can't be used. */
export const OPTIONS_INVALID = 'The MQTT options cannot be used';

const URL_RULE = {
  schemes: MQTT_SCHEMES,
  example: 'mqtt://host:1883 or ws://host:15675/ws; with TLS mqtts:// or wss://',
} as const;

const PORTS = {
  mqtt: MQTT_SCHEMES.mqtt.port,
  mqtts: MQTT_SCHEMES.mqtts.port,
  ws: WEB_SOCKET.port,
  wss: WEB_SOCKET.port,
} as const satisfies Record<MqttProtocol, number>;

/** Fills in the defaults. Throws one ConfigError (CONFIG_INVALID) that lists every problem; changes nothing in its input. */
export function resolveMqttOptions(input: MqttOptions): ResolvedMqttOptions {
  return readOptions(OPTIONS_INVALID, input, readMqttOptions);
}

/** Reads the driver's fields; what it returns can be used only if no issue was added. */
export function readMqttOptions(read: FieldReader): ResolvedMqttOptions {
  const { url: urlText, host, port, hosts, username, password, ...given } = readTable(read, MQTT_OPTIONS);
  const url = urlOf(read, urlText, URL_RULE);
  refuseBeside(read, 'url', ['protocol', 'webSocketPath']);
  const asked = (url?.scheme ?? given.protocol) as MqttProtocol | undefined;
  const tls = tlsOf(read, given.tls, asked && { name: asked, tls: MQTT_SCHEMES[asked].tls });
  const path = given.webSocketPath ?? url?.after;
  if (path !== undefined && (asked === 'mqtt' || asked === 'mqtts')) {
    read.addIssue('webSocketPath', `is for protocol ws and wss, not ${asked}`);
  }
  const protocol = asked ?? (`${path === undefined ? 'mqtt' : 'ws'}${tls ? 's' : ''}` as const);
  const webSocketPath = protocol.startsWith('ws') ? (path ?? WEB_SOCKET.path) : undefined;
  const options = {
    ...given,
    protocol,
    hosts: hostsOf(read, { host, port, hosts }, { url, port: PORTS[protocol] }),
    webSocketPath,
    credentials: optionalCredentialsOf(read, { username, password, credentials: given.credentials }, url),
    tls,
    proxy: proxyOf(read, given.proxy),
  };
  return redactWhenPrinted(options, ['credentials'], { webSocketPath: redactPath(webSocketPath) });
}
