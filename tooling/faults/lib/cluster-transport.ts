import type { RabbitmqHandle } from '@intersect-sdk/test-brokers';
import type { Transport } from '@intersect-sdk/transport';
import type { Protocol } from './protocols.js';

/** Which nodes a transport reaches, and how. */
interface ClusterChoice {
  readonly nodes: readonly RabbitmqHandle[];
  /** The number of the node that is tried first: there the transport's queues are made. */
  readonly first: number;
  /** AMQP's heartbeat, MQTT's keep-alive time. */
  readonly heartbeatS?: number;
}

/** Reaches all nodes of a cluster, and one of them first. */
export function clusterTransport(protocol: Protocol, { nodes, first, ...options }: ClusterChoice): Transport {
  const { username = '', password = '' } = nodes[0] ?? {};
  const hosts = nodes.map((_, index) => {
    const node = nodes[(first + index) % nodes.length] as RabbitmqHandle;
    const { hostname, port } = new URL(protocol.urlOf(node));
    return { host: hostname, port: Number(port) };
  });
  return protocol.transport({ hosts, username, password, ...options });
}
