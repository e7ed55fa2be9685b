import type { ConformanceHarness } from '@intersect-sdk/conformance';
import { describeConformance } from '@intersect-sdk/conformance/vitest';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { mqttHarness } from '../support/harness.js';

/** The cases of many rounds do all of them on RabbitMQ over TCP; elsewhere it is the same driver, so a quarter is enough. */
function fewerRounds(harness: ConformanceHarness): ConformanceHarness {
  return { ...harness, effort: 0.25 };
}

describeWithBroker('rabbitmq', ({ mqttUrl, webSocketUrl, username, password }) => {
  const access = { username, password, plainUrl: mqttUrl, maxPayloadBytes: 268_435_455 };
  describeConformance('MQTT over TCP on RabbitMQ', () => mqttHarness(() => ({ ...access, url: mqttUrl })));
  describeConformance('MQTT over WebSocket on RabbitMQ', () =>
    fewerRounds(mqttHarness(() => ({ ...access, url: webSocketUrl }))),
  );
});

describeWithBroker('mosquitto', ({ mqttUrl, username, password }) => {
  describeConformance('MQTT over TCP on mosquitto', () =>
    fewerRounds(mqttHarness(() => ({ url: mqttUrl, username, password, maxPayloadBytes: 268_435_460 }))),
  );
});
