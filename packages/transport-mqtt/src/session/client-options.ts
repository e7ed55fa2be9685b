import type { Socket } from 'node:net';
import type { OptionalCredentials, ResolvedHost } from '@intersect-sdk/transport/endpoint';
import type { IClientOptions } from 'mqtt';
import type { ResolvedMqttOptions } from '../options/options.js';
import type { PacketIds } from '../out/packet-ids.js';
import { keepAliveTimer } from './keep-alive-timer.js';

/** The session at the broker that one connection serves. */
export interface SessionPlan {
  readonly clientId: string;
  /** How long the broker keeps the session without a connection; 0: it begins empty and ends with the connection. */
  readonly expiryS: number;
  /** Where it is to hold less than the options allow: how many unacknowledged messages the broker may send. */
  readonly receiveMaximum?: number | undefined;
}

/** MQTT's `never ends`. */
const LONGEST_EXPIRY_S = 0xffff_ffff;

/** In MQTT's unit, never less than asked for. */
export function expiryOf(keepForMs: number): number {
  return Math.min(Math.ceil(keepForMs / 1000), LONGEST_EXPIRY_S);
}

export interface ClientPlan {
  readonly options: ResolvedMqttOptions;
  readonly host: ResolvedHost;
  readonly session: SessionPlan;
  readonly credentials: OptionalCredentials;
  /** How long connecting may take from here on, in ms. */
  readonly connectTimeoutMs: number;
  readonly packetIds: PacketIds;
  /** What a proxy opened to the host, if there is one. */
  readonly tunnel?: Socket | undefined;
}

/** Everything that mqtt.js does on its own and must not do here is switched off in this one place. */
export function clientOptions(plan: ClientPlan): IClientOptions {
  const { options, host, session, credentials, connectTimeoutMs, packetIds, tunnel } = plan;
  const { protocol, tls, maxPacketSizeBytes } = options;
  const { username, password } = credentials;
  return {
    protocol,
    // Over WebSocket mqtt.js puts it into a URL as it is.
    host: options.webSocketPath !== undefined && host.host.includes(':') ? `[${host.host}]` : host.host,
    port: host.port,
    ...(options.webSocketPath !== undefined && {
      path: options.webSocketPath,
      // Compressing costs more time than it saves on messages of this size.
      wsOptions: {
        perMessageDeflate: false,
        ...(tls?.serverName && { servername: tls.serverName }),
        ...(tunnel && (tls ? { socket: tunnel } : { createConnection: () => tunnel })),
      },
    }),
    // TLS is spoken through this socket. Without TLS the tunnel itself becomes the stream of mqtt.js.
    ...(tunnel && { socket: tunnel }),
    ...(tls && tlsOptions(tls)),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    // Once everything is in its place.
    manualConnect: true,
    protocolVersion: 5,
    clientId: session.clientId,
    // With a clean start and no expiry RabbitMQ leaves no queue behind; an unclean one orphans some there.
    clean: session.expiryS === 0,
    properties: {
      sessionExpiryInterval: session.expiryS,
      receiveMaximum: Math.min(options.receiveMaximum, session.receiveMaximum ?? options.receiveMaximum),
      ...(maxPacketSizeBytes !== undefined && { maximumPacketSize: maxPacketSizeBytes }),
    },
    keepalive: options.keepAliveS,
    // Otherwise each acknowledgement sets a timer; a ping now and then is cheaper.
    reschedulePings: false,
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    messageIdProvider: packetIds,
    timerVariant: keepAliveTimer(options.timerVariant),
    // mqtt.js logs payloads and user names to whoever sets DEBUG.
    log: () => {},
  };
}

function tlsOptions({ ca, cert, key, passphrase, serverName }: NonNullable<ResolvedMqttOptions['tls']>) {
  // Byte arrays of any kind will do; the types only know Node's.
  return {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca: ca as string | string[] }),
    ...(cert !== undefined && { cert: cert as string }),
    ...(key !== undefined && { key: key as string }),
    ...(passphrase !== undefined && { passphrase }),
    ...(serverName !== undefined && { servername: serverName }),
  } satisfies IClientOptions & { passphrase?: string; servername?: string };
}
