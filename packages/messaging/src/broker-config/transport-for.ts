import type { Transport } from '@intersect-sdk/transport';
import type { BrokerConfig } from '@intersect-sdk/transport/endpoint';
import { importTransport } from './import-transport.js';
import { resolveBrokerConfig } from './resolve-broker-config.js';

/**
 * Makes the transport that a broker configuration describes, not connected yet. Its package is
 * imported only now, so that users install only the transport that they use.
 *
 * @throws ConfigError with every problem, or naming the package to install
 */
export async function transportFor(config: BrokerConfig): Promise<Transport> {
  const { protocol, webSocketPath, proxy, isRoot, consumerTimeoutMs, maxUnacknowledged, ...broker } =
    resolveBrokerConfig(config);
  if (protocol === 'amqp0.9.1') {
    const name = '@intersect-sdk/transport-amqp';
    const { amqpTransport } = await importTransport(
      protocol,
      name,
      // biome-ignore lint/style/noRestrictedImports: loaded when a broker needs it, never before
      () => import('@intersect-sdk/transport-amqp'),
    );
    return amqpTransport({ ...broker, isRoot, consumerTimeoutMs });
  }
  const name = '@intersect-sdk/transport-mqtt';
  const { mqttTransport } = await importTransport(
    protocol,
    name,
    // biome-ignore lint/style/noRestrictedImports: loaded when a broker needs it, never before
    () => import('@intersect-sdk/transport-mqtt'),
  );
  return mqttTransport({ ...broker, webSocketPath, proxy, maxUnacknowledged });
}
