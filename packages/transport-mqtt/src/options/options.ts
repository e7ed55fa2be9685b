import type { SupervisorOptions } from '@intersect-sdk/transport';
import {
  type BrokerHost,
  type CredentialsSource,
  DEFAULT_HOST,
  MQTT_SCHEMES,
  type OptionalCredentials,
  type Redacted,
  type ResolvedHost,
  type ResolvedTls,
  type TlsOptions,
  WEB_SOCKET,
} from '@intersect-sdk/transport/endpoint';

export type MqttProtocol = 'mqtt' | 'mqtts' | 'ws' | 'wss';

/** How to reach an MQTT 5 broker, and how much may be under way at once. */
export interface MqttOptions {
  /**
   * `mqtt://host:1883`, `mqtts://`, `ws://host:15675/ws` or `wss://`, with `user:password@` before the host if
   * you like; instead of `protocol`, `host`, `port`, `hosts` and `webSocketPath`.
   */
  readonly url?: string | undefined;
  /** A name or an address. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** @default 1883, with TLS 8883, over WebSocket 15675 */
  readonly port?: number | undefined;
  /** Several addresses of one broker, instead of `host`. Each connect tries all of them, beginning with the one after the host that was tried last. */
  readonly hosts?: readonly (string | BrokerHost)[] | undefined;
  /** Default: what `tls` and `webSocketPath` ask for, else `mqtt`. Browsers can use `ws` and `wss` only. */
  readonly protocol?: MqttProtocol | undefined;
  /** Speak MQTT over WebSocket, on this path. @default '/ws' where `protocol` is `ws` or `wss` */
  readonly webSocketPath?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /**
   * Asked again for each connection, so that passwords and tokens can change. Instead of `username` and `password`. When it
   * throws or is late, connecting is tried again as after any fault that may pass.
   */
  readonly credentials?: CredentialsSource<OptionalCredentials> | undefined;
  /** True, or what TLS needs. The broker's certificate is always checked. @default false, true with `mqtts` and `wss` */
  readonly tls?: boolean | TlsOptions | undefined;
  /** How long each host may take, from asking for credentials until the broker accepted, in ms. @default 10000 */
  readonly connectTimeoutMs?: number | undefined;
  /** After this time of silence the broker is asked whether it is there, in s; after half as long again the connection counts as lost. @default 30 */
  readonly keepAliveS?: number | undefined;
  /** How many durable messages may wait for the broker's confirmation at once; the rest waits inside. The broker may lower it. @default 500 */
  readonly maxInFlight?: number | undefined;
  /** How many unacknowledged messages the broker may send on one session; it may send fewer (RabbitMQ: 10, `mqtt.prefetch`). @default 100 */
  readonly receiveMaximum?: number | undefined;
  /** How many messages without acknowledgement (QoS 0) may wait for one handler; one more is refused and reported. @default 10000 */
  readonly maxQueuedMessages?: number | undefined;
  /** The largest packet to take in, in bytes; the broker drops larger ones. Default: no limit of ours. */
  readonly maxPacketSizeBytes?: number | undefined;
  /** Put before the session's id, for brokers that grant access by client id. @default '' */
  readonly clientIdPrefix?: string | undefined;
  /** How long messages of an earlier run wait for a subscription after connecting, in ms; then they are refused and reported. @default 10000 */
  readonly unclaimedGraceMs?: number | undefined;
  /**
   * `auto`: in a page, keep alive from a web worker, as browsers slow down a page's own timers in a background tab. Where a
   * Content-Security-Policy forbids that worker (it needs `worker-src blob:`, and no trusted types) the page's timers do it;
   * there a tab stays connected in the background only with `keepAliveS: 120` or more. `worker`: a worker also elsewhere. `native`: none. @default 'auto'
   */
  readonly timerVariant?: 'auto' | 'worker' | 'native' | undefined;
}

/** All that `mqttTransport` takes: the driver's options and the supervisor's. */
export interface MqttTransportOptions extends MqttOptions, SupervisorOptions {}

export const MQTT_DEFAULTS = {
  host: DEFAULT_HOST,
  protocol: 'mqtt',
  ports: {
    mqtt: MQTT_SCHEMES.mqtt.port,
    mqtts: MQTT_SCHEMES.mqtts.port,
    ws: WEB_SOCKET.port,
    wss: WEB_SOCKET.port,
  },
  webSocketPath: WEB_SOCKET.path,
  connectTimeoutMs: 10_000,
  keepAliveS: 30,
  maxInFlight: 500,
  receiveMaximum: 100,
  maxQueuedMessages: 10_000,
  clientIdPrefix: '',
  unclaimedGraceMs: 10_000,
  timerVariant: 'auto',
} as const;

/** Checked, complete options. JSON and `util.inspect` of them show no secret. */
export type ResolvedMqttOptions = Redacted<{
  readonly protocol: MqttProtocol;
  readonly hosts: readonly ResolvedHost[];
  /** Undefined unless the protocol is `ws` or `wss`. */
  readonly webSocketPath: string | undefined;
  readonly credentials: CredentialsSource<OptionalCredentials>;
  readonly tls: ResolvedTls | undefined;
  readonly connectTimeoutMs: number;
  readonly keepAliveS: number;
  readonly maxInFlight: number;
  readonly receiveMaximum: number;
  readonly maxQueuedMessages: number;
  readonly maxPacketSizeBytes: number | undefined;
  readonly clientIdPrefix: string;
  readonly unclaimedGraceMs: number;
  readonly timerVariant: 'auto' | 'worker' | 'native';
}>;
