import type { ConformanceHarness } from '@intersect-sdk/conformance';
import { describeConformance } from '@intersect-sdk/conformance/vitest';
import { conformanceInventory } from '@intersect-sdk/test-brokers/inventory';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { mqttHarness, NO_ACK_DEADLINE } from '../support/harness.js';

/** The cases of many rounds do all of them on RabbitMQ over TCP; elsewhere it is the same driver, so a quarter is enough. */
function fewerRounds(harness: ConformanceHarness): ConformanceHarness {
  return { ...harness, effort: 0.25 };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { mqttUrl, webSocketUrl, username, password } = rabbitmq;
  const notPromised = NO_ACK_DEADLINE;
  const inventory = () => conformanceInventory(rabbitmq);
  const access = { inventory, username, password, plainUrl: mqttUrl, maxPayloadBytes: 268_435_455 };
  describeConformance('MQTT over TCP on RabbitMQ', () => mqttHarness(() => ({ ...access, url: mqttUrl })), {
    notPromised,
  });
  describeConformance(
    'MQTT over WebSocket on RabbitMQ',
    () => fewerRounds(mqttHarness(() => ({ ...access, url: webSocketUrl }))),
    { notPromised },
  );
});

describeWithBroker('mosquitto', ({ mqttUrl, username, password }) => {
  describeConformance(
    'MQTT over TCP on mosquitto',
    () =>
      fewerRounds(
        mqttHarness(() => ({
          url: mqttUrl,
          username,
          password,
          maxPayloadBytes: 268_435_460,
          shares: true,
        })),
      ),
    // It tells nobody what it holds.
    { notPromised: [...NO_ACK_DEADLINE, 'subscribe/unsubscribe-leaves-nothing'] },
  );
});
