import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { amqpWire } from './amqp-wire.js';
import { mqttWire } from './mqtt-wire.js';
import { memoryWire, type Wire } from './wire.js';

/** What an attack may do to the one attacked, at most. */
export const MEMORY_MAY_GROW = 24 * 1024 * 1024;
export const LONGEST_PAUSE_MS = 5_000;

/** Registers a test for each transport and each broker that can be had. */
export function overEveryWire(register: (name: string, open: () => Promise<Wire>) => void): void {
  register('memory', memoryWire);
  describeWithBroker('rabbitmq', (rabbitmq) => {
    register('AMQP, RabbitMQ', () => amqpWire(rabbitmq));
    register('MQTT, RabbitMQ', () => mqttWire(rabbitmq, { largestPayload: 16_000_000 }));
  });
  describeWithBroker('mosquitto', (mosquitto) => {
    register('MQTT, mosquitto', () => mqttWire(mosquitto, { largestPayload: 200_000_000 }));
  });
}
