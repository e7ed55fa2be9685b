import type { Transport } from '@intersect-sdk/transport';
import { type BrokerConfig, WEB_SOCKET } from '@intersect-sdk/transport/endpoint';
import { importTransport } from './import-transport.js';
import { notHere, resolveBrokerConfig } from './resolve-broker-config.js';

/**
 * Makes the transport that a broker configuration describes, not connected yet. A browser speaks MQTT
 * over WebSocket and nothing else; `webSocketPath` is `/ws` if not given.
 *
 * @throws ConfigError with every problem, e.g. a protocol that browsers can't speak
 */
export async function transportFor(config: BrokerConfig): Promise<Transport> {
  const webSocketPath = WEB_SOCKET.path;
  const webSocketConfig = config?.protocol === 'mqtt5.0' ? { webSocketPath, ...config } : config;
  const { protocol, isRoot: _, ...broker } = resolveBrokerConfig(webSocketConfig);
  if (protocol !== 'mqtt5.0') {
    throw notHere('protocol', 'cannot be spoken by a browser; use mqtt5.0, which goes over WebSocket');
  }
  if (typeof broker.tls === 'object') {
    throw notHere('tls', 'must be true or false: a browser brings its own certificates');
  }
  if (broker.proxy !== undefined) {
    throw notHere(
      'proxy',
      'is not for browsers: a browser uses the proxy of its own settings, or of the system',
    );
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
