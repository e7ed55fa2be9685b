/** What the part of a URL before `://` says. */
export interface Scheme {
  readonly tls: boolean;
  /** The port where the URL names none. */
  readonly port: number;
  /** What may stand after the port: a virtual host, or the path and query of a WebSocket. Default: nothing. */
  readonly after?: 'virtual-host' | 'path';
}

/** Schemes by their names. One with TLS is called as the one without, and `s`. */
export type Schemes = Readonly<Record<string, Scheme>>;

export const MQTT_SCHEMES = {
  mqtt: { tls: false, port: 1883 },
  mqtts: { tls: true, port: 8883 },
  ws: { tls: false, port: 80, after: 'path' },
  wss: { tls: true, port: 443, after: 'path' },
} as const satisfies Schemes;

export const AMQP_SCHEMES = {
  amqp: { tls: false, port: 5672, after: 'virtual-host' },
  amqps: { tls: true, port: 5671, after: 'virtual-host' },
} as const satisfies Schemes;

/** The package whose transport speaks what a URL with this scheme names. */
export function packageOf(scheme: string): string | undefined {
  if (Object.hasOwn(MQTT_SCHEMES, scheme)) return '@intersect-sdk/transport-mqtt';
  return Object.hasOwn(AMQP_SCHEMES, scheme) ? '@intersect-sdk/transport-amqp' : undefined;
}
