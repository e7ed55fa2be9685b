import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import type { PythonBroker } from './python-program.js';

/** How a program of the Python SDK and one of ours meet. */
export interface PythonWay {
  readonly title: 'AMQP' | 'MQTT';
  readonly broker: PythonBroker;
  readonly makeTransport: () => Transport;
}

/** Both by the same protocol, on RabbitMQ. */
export function pythonWays({ username, password, amqpUrl, mqttUrl }: RabbitmqEndpoints): PythonWay[] {
  return [
    {
      title: 'AMQP',
      broker: { protocol: 'amqp0.9.1', url: amqpUrl, username, password },
      makeTransport: () => amqpTransport({ url: amqpUrl, username, password }),
    },
    {
      title: 'MQTT',
      broker: { protocol: 'mqtt5.0', url: mqttUrl, username, password },
      makeTransport: () => mqttTransport({ url: mqttUrl, username, password }),
    },
  ];
}
