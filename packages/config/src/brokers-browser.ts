import { ConfigError } from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import { type BrokerConfig, resolveBrokerConfig } from './broker-config.js';
import { importTransport } from './load-transport.js';

export type { BrokerConfig, BrokerProtocol, BrokerTls, ResolvedBrokerConfig } from './broker-config.js';
export { checkBrokerConfig } from './broker-config.js';

/**
 * Makes the transport that a broker configuration describes, not connected yet. A browser speaks MQTT
 * over WebSocket and nothing else; `webSocketPath` is `/ws` if not given.
 *
 * @throws ConfigError with every problem, e.g. a protocol that browsers can't speak
 */
export async function transportFor(config: BrokerConfig): Promise<Transport> {
  const webSocketConfig = config?.protocol === 'mqtt5.0' ? { webSocketPath: '/ws', ...config } : config;
  const { protocol, isRoot: _, ...broker } = resolveBrokerConfig(webSocketConfig);
  if (protocol !== 'mqtt5.0') {
    const message = 'cannot be spoken by a browser; use mqtt5.0, which goes over WebSocket';
    throw new ConfigError('The broker configuration cannot be used', [{ path: 'protocol', message }]);
  }
  if (typeof broker.tls === 'object') {
    const message = 'must be true or false: a browser brings its own certificates';
    throw new ConfigError('The broker configuration cannot be used', [{ path: 'tls', message }]);
  }
  const name = '@intersect-sdk/transport-mqtt';
  const { mqttTransport } = await importTransport(
    protocol,
    name,
    // biome-ignore lint/style/noRestrictedImports: loaded when a broker needs it, never before
    () => import('@intersect-sdk/transport-mqtt'),
  );
  return mqttTransport(broker);
}
