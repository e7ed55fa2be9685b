import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';

/**
 * @param {{ protocol: 'amqp' | 'mqtt', host: string, port: number, username: string, password: string }} settings
 */
export function transportOf({ protocol, host, port, username, password }) {
  const where = { host, port, username, password };
  return protocol === 'amqp' ? amqpTransport(where) : mqttTransport(where);
}
