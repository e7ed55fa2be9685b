// Every example app on every real broker, as the processes that a reader of its README starts.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type App, runApp, withUser } from '@intersect-sdk/app-harness';
import { describeWithBroker, describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app as camera } from '../../../apps/camera/test/app.js';
import { app as counting } from '../../../apps/counting/test/app.js';
import { app as countingEvents } from '../../../apps/counting-events/test/app.js';
import { app as directoryService } from '../../../apps/directory-service/test/app.js';
import { app as helloWorld } from '../../../apps/hello-world/test/app.js';
import { app as helloWorldEvents } from '../../../apps/hello-world-events/test/app.js';
import { app as helloWorldMinio } from '../../../apps/hello-world-minio/test/app.js';
import { app as httpServer } from '../../../apps/http-server/test/app.js';
import { app as longScan } from '../../../apps/long-scan/test/app.js';
import { app as pingPongEvents } from '../../../apps/ping-pong-events/test/app.js';
import { app as serviceToService } from '../../../apps/service-to-service/test/app.js';
import { app as serviceToServiceEvents } from '../../../apps/service-to-service-events/test/app.js';
import { type OwnBrokers, ownBrokers } from './support/own-brokers.js';

/** Those of one list have services at the same address, or are short: one after the other. The lists go side by side. */
const lists: readonly (readonly App[])[] = [
  [counting, countingEvents],
  [helloWorld, helloWorldEvents, pingPongEvents, serviceToService, serviceToServiceEvents, httpServer],
  [directoryService, longScan],
];
/** Those that need a data store, after all others: hello-world-minio has the address of hello-world. */
const withStore: readonly App[] = [helloWorldMinio, camera];
/** Runs in its own test: it brings a broker with it. */
const withOwnBroker = ['custom-transport'];

test('all apps are run here', () => {
  const folders = readdirSync(fileURLToPath(new URL('../../../apps/', import.meta.url)), {
    withFileTypes: true,
  });
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const run = [...lists.flat(), ...withStore].map(({ name }) => name);
  expect([...run, ...withOwnBroker].sort()).toEqual(names.sort());
});

describeWithBrokers(['rabbitmq', 'mosquitto'], (found) => {
  let brokers: OwnBrokers;
  beforeAll(async () => {
    brokers = await ownBrokers(found);
  });
  afterAll(() => brokers[Symbol.asyncDispose]());

  function runAll(url: () => string): void {
    describe.concurrent.each(lists)('$name and the like', (...apps) => {
      test.sequential.each(apps)('$name', (app) => runApp(app, { brokerUrl: withUser(url()) }));
    });
    describe.sequential('and then', () => {
      describeWithBroker('s3', (store) => {
        test.each(withStore)('$name', (app) => runApp(app, { brokerUrl: withUser(url()), store }));
      });
    });
  }

  describe.concurrent('side by side', () => {
    describe('mosquitto', () => runAll(() => brokers.mosquitto.mqttUrl));
    describe('RabbitMQ', () => {
      // All protocols of RabbitMQ meet, so the same addresses must not be there twice.
      describe.sequential('MQTT', () => {
        runAll(() => brokers.rabbitmq.mqttUrl);
        afterAll(() => brokers.removeQueues());
      });
      describe.sequential('AMQP', () => runAll(() => brokers.rabbitmq.amqpUrl));
    });
  });
});
