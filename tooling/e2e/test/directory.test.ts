// A directory of many services of both SDKs, of which some say goodbye and others are gone without a word.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { watchServices } from '@intersect-sdk/directory';
import { defineCapability, IntersectService } from '@intersect-sdk/service';
import { describeWithBroker, describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { expect, test } from 'vitest';
import { type OwnBrokers, ownBrokers } from './support/own-brokers.js';
import { PythonService } from './support/python-service.js';
import { removeServiceQueues } from './support/queues.js';

const Stage = defineCapability({ name: 'Stage', operations: { move: {} } });
const MAP = { organization: 'map-org', facility: 'map-fac', system: 'map-sys' };
const OURS = 17;
const IN_TIME = { timeout: 60_000, interval: 100 };

interface Started {
  readonly address: string;
  readonly stop: () => Promise<unknown>;
  /** Without a goodbye. */
  readonly kill: () => Promise<unknown>;
}

describeWithBrokers(['rabbitmq', 'mosquitto', 'python'], (found) => {
  test('20 services, of which 5 are killed and 5 are stopped', async () => {
    await using brokers: OwnBrokers = await ownBrokers(found);
    const { amqpUrl: url, managementUrl, username, password } = brokers.rabbitmq;
    const broker = { protocol: 'amqp0.9.1', url, username, password } as const;
    const ours = async (): Promise<Started> => {
      const transport: Transport = amqpTransport({ url, username, password });
      const hierarchy = { ...MAP, service: `stage-${randomUUID().slice(0, 8)}` };
      const service = new IntersectService([Stage.implement({ move: () => {} })], {
        hierarchy,
        brokers: [transport],
      });
      await service.startup();
      return { address: service.address, stop: () => service.shutdown(), kill: () => transport.close() };
    };
    const python = async (): Promise<Started> => {
      const service = await PythonService.start(found.python.interpreter, broker, `probe-${randomUUID()}`);
      return {
        address: service.address,
        stop: () => service[Symbol.asyncDispose](),
        kill: () => service.kill(),
      };
    };
    // Before the directory, so that it can't have heard them start.
    const started = await Promise.all([python(), python(), python(), ...Array.from({ length: OURS }, ours)]);
    await using client = await new IntersectClient({
      brokers: [amqpTransport({ url, username, password })],
    }).startup();
    await using directory = watchServices(client, {
      rabbitManagement: { url: managementUrl, username, password, intervalMs: 1_000 },
    });
    const states = (): Record<string, string> =>
      Object.fromEntries([...directory.services].map(([address, { state }]) => [address, state]));
    const expected = new Map(started.map(({ address }) => [address, 'up']));

    await expect.poll(states, IN_TIME).toEqual(Object.fromEntries(expected));
    // Ours were asked what they can do; the others will tell it.
    const undescribed = () => started.slice(3).filter(({ address }) => !directory.find(address));
    await expect.poll(undescribed, IN_TIME).toEqual([]);

    const ended = [started[0], ...started.slice(3, 7)] as Started[];
    const killed = [started[1], ...started.slice(7, 11)] as Started[];
    await Promise.all([...ended.map(({ stop }) => stop()), ...killed.map(({ kill }) => kill())]);
    for (const { address } of ended) expected.set(address, 'down');
    for (const { address } of killed) expected.set(address, 'silent');
    await expect.poll(states, IN_TIME).toEqual(Object.fromEntries(expected));
    await Promise.all(started.map(({ stop }) => stop()));
    for (const { address } of started) await removeServiceQueues(brokers.rabbitmq, address);
  });
});

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { amqpUrl, mqttUrl, managementUrl, username, password } = rabbitmq;
  test.each([
    ['MQTT', () => mqttTransport({ url: mqttUrl, username, password })],
    ['AMQP', () => amqpTransport({ url: amqpUrl, username, password })],
  ] as const)(
    'by the management interface a service is seen over %s that says nothing, and one that has left its queue',
    async (_protocol, transport) => {
      const start = async () => {
        const own = transport();
        const hierarchy = { ...MAP, service: `stage-${randomUUID().slice(0, 8)}` };
        const service = new IntersectService([Stage.implement({ move: () => {} })], {
          hierarchy,
          brokers: [own],
        });
        await service.startup();
        return { service, address: service.address, own };
      };
      const [there, gone] = await Promise.all([start(), start()]);
      // Without a goodbye, and before anybody listens.
      await gone.own.close();
      await using client = await new IntersectClient({ brokers: [transport()] }).startup();
      await using directory = watchServices(client, {
        rabbitManagement: { url: managementUrl, username, password, intervalMs: 200 },
        // Nothing is sent, so that only RabbitMQ can tell.
        asks: false,
      });
      const found = ({ address }: { readonly address: string }) => {
        const { state, foundBy, lastSeenMs, instances } = directory.services.get(address) ?? {};
        return { state, foundBy, wasSeen: lastSeenMs !== undefined, instances };
      };
      const left = { state: 'silent', foundBy: 'management', wasSeen: false, instances: 0 };
      const up = { state: 'up', foundBy: 'management', wasSeen: true, instances: 1 };
      try {
        await expect.poll(() => found(there), IN_TIME).toEqual(up);
        await expect.poll(() => found(gone), IN_TIME).toEqual(left);
      } finally {
        await there.service.shutdown();
        // What it left is taken over, and given back in order.
        await gone.service.shutdown();
        for (const { address } of [there, gone]) await removeServiceQueues(rabbitmq, address);
      }
    },
  );
});
