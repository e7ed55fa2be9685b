import type { ConsoleBroker } from '@intersect-sdk/console/tunnel';
import type { TransportDriver } from '@intersect-sdk/transport';
import type { BrokerConfig, ResolvedBrokerConfig } from '@intersect-sdk/transport/endpoint';

/** One broker: how the page reaches it, and the driver for the tunnel where this program carries the traffic. */
export interface WayToBroker {
  readonly told: ConsoleBroker;
  readonly driver?: TransportDriver;
}

/** The path of the tunnel to the first broker is this and `0`. */
export const TUNNEL_PATH = '/tunnel/';

/**
 * A page speaks for itself where the broker is named by its WebSocket, and logs in there. Everywhere else, and where nothing may be sent,
 * this program carries the traffic and is logged in already.
 */
export async function wayTo(
  config: ResolvedBrokerConfig,
  index: number,
  readOnly: boolean,
): Promise<WayToBroker> {
  const { protocol, host, port, webSocketPath, tls, username } = config;
  if (webSocketPath !== undefined && !readOnly && typeof tls !== 'object') {
    const url = `${tls ? 'wss' : 'ws'}://${host.includes(':') ? `[${host}]` : host}:${port}${webSocketPath}`;
    return { told: { way: 'direct', name: `${host}:${port}`, url, username } };
  }
  const driver = await driverFor(protocol, config);
  return { driver, told: { way: 'tunnel', name: driver.name, path: `${TUNNEL_PATH}${index}` } };
}

async function driverFor(
  protocol: BrokerConfig['protocol'],
  { protocol: _, webSocketPath, proxy, isRoot, ...broker }: ResolvedBrokerConfig,
): Promise<TransportDriver> {
  if (protocol === 'amqp0.9.1') {
    const { amqpDriver } = await import('@intersect-sdk/transport-amqp');
    return amqpDriver({ ...broker, isRoot });
  }
  const { mqttDriver } = await import('@intersect-sdk/transport-mqtt');
  return mqttDriver({ ...broker, webSocketPath, proxy });
}
