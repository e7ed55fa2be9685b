import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { afterAll, beforeAll, describe } from 'vitest';
import { removeServiceQueues } from './queues.js';

/** A way to speak with a broker. */
export interface Way {
  /** E.g. `MQTT on mosquitto`. */
  readonly title: string;
  readonly transport: () => Transport;
  /** Removes what a service of this address leaves at the broker. */
  readonly cleanUp: (address: string) => Promise<void>;
}

const nothingLeft = async (): Promise<void> => {};

/** Describes the same for both protocols on RabbitMQ, and for MQTT on mosquitto and on the embedded broker. */
export function describeWithEachBroker(describeWay: (way: Way) => void): void {
  describeWithBroker('rabbitmq', (rabbitmq) => {
    const { username, password, amqpUrl, mqttUrl } = rabbitmq;
    describeWay({
      title: 'AMQP on RabbitMQ',
      transport: () => amqpTransport({ url: amqpUrl, username, password }),
      cleanUp: (address) => removeServiceQueues(rabbitmq, address),
    });
    describeWay({
      title: 'MQTT on RabbitMQ',
      transport: () => mqttTransport({ url: mqttUrl, username, password }),
      cleanUp: nothingLeft,
    });
  });

  describeWithBroker('mosquitto', ({ mqttUrl: url, username, password }) => {
    describeWay({
      title: 'MQTT on mosquitto',
      transport: () => mqttTransport({ url, username, password }),
      cleanUp: nothingLeft,
    });
  });

  describe('the embedded broker', () => {
    const username = 'intersect_username';
    const password = 'intersect_password';
    let broker: DevBroker;
    beforeAll(async () => {
      broker = await startDevBroker({ port: 0, username, password });
    });
    afterAll(() => broker.stop());
    describeWay({
      title: 'MQTT on the development broker',
      transport: () => mqttTransport({ url: broker.url, username, password }),
      cleanUp: nothingLeft,
    });
  });
}
