import { describeConformance } from '@intersect-sdk/conformance/vitest';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { mqttHarness } from '../support/harness.js';

describeWithBroker('rabbitmq', ({ mqttUrl, webSocketUrl, username, password }) => {
  const access = { username, password, plainUrl: mqttUrl, maxPayloadBytes: 268_435_455 };
  describeConformance('MQTT over TCP on RabbitMQ', () => mqttHarness(() => ({ ...access, url: mqttUrl })));
  describeConformance('MQTT over WebSocket on RabbitMQ', () =>
    mqttHarness(() => ({ ...access, url: webSocketUrl })),
  );
});

describeWithBroker('mosquitto', ({ mqttUrl, username, password }) => {
  describeConformance('MQTT over TCP on mosquitto', () =>
    mqttHarness(() => ({ url: mqttUrl, username, password, maxPayloadBytes: 268_435_460 })),
  );
});
