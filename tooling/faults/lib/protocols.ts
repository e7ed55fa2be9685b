import type { Logger } from '@intersect-sdk/core';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import type { SupervisorOptions, Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';

interface TransportChoice extends SupervisorOptions {
  readonly url?: string;
  /** Several nodes of one cluster, instead of `url`. */
  readonly hosts?: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  readonly password?: string;
  readonly credentials?: () => { readonly username: string; readonly password: string };
  readonly connectTimeoutMs?: number;
  /** AMQP's heartbeat, MQTT's keep-alive time. */
  readonly heartbeatS?: number;
  readonly logger?: Logger;
}

/** What the tests use of a protocol. */
export interface Protocol {
  readonly name: 'MQTT' | 'AMQP';
  /** Where RabbitMQ speaks it. */
  urlOf(rabbitmq: RabbitmqEndpoints): string;
  transport(choice: TransportChoice): Transport;
}

export const mqtt: Protocol = {
  name: 'MQTT',
  urlOf: ({ mqttUrl }) => mqttUrl,
  transport: ({ heartbeatS, ...rest }) =>
    mqttTransport({ ...rest, ...(heartbeatS !== undefined && { keepAliveS: heartbeatS }) }),
};

const amqp: Protocol = {
  name: 'AMQP',
  urlOf: ({ amqpUrl }) => amqpUrl,
  transport: (choice) => amqpTransport(choice),
};

export const protocols: readonly Protocol[] = [mqtt, amqp];
const roles = ['client', 'service'] as const;
export type Role = (typeof roles)[number];

/** Each role on each protocol. */
export const sides = roles.flatMap((role) =>
  protocols.map((protocol) => ({ role, protocol, name: protocol.name })),
);
