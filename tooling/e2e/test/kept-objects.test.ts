import { type DevBroker, startDevBroker } from '@intersect-sdk/dev-broker';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeKeptObjects } from './support/kept-objects.js';
import { removeServiceQueues } from './support/queues.js';

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password, amqpUrl, mqttUrl } = rabbitmq;
  describeKeptObjects({
    title: 'AMQP on RabbitMQ',
    transport: () => amqpTransport({ url: amqpUrl, username, password }),
    cleanUp: (address) => removeServiceQueues(rabbitmq, address),
  });
  describeKeptObjects({
    title: 'MQTT on RabbitMQ',
    transport: () => mqttTransport({ url: mqttUrl, username, password }),
  });
});

describe('the embedded broker', () => {
  const account = { username: 'intersect_username', password: 'intersect_password' };
  let broker: DevBroker;
  beforeAll(async () => {
    broker = await startDevBroker({ port: 0, ...account });
  });
  afterAll(() => broker.stop());
  describeKeptObjects({
    title: 'MQTT on the development broker',
    transport: () => mqttTransport({ url: broker.url, ...account }),
  });
});
