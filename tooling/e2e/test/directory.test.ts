// A directory of many services of both SDKs, of which some say goodbye and others are gone without a word.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { watchServices } from '@intersect-sdk/directory';
import { defineCapability, IntersectService } from '@intersect-sdk/service';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { expect, test } from 'vitest';
import { type OwnBrokers, ownBrokers } from './support/own-brokers.js';
import { PythonService } from './support/python-service.js';
import { removeServiceQueues } from './support/queues.js';

const Stage = defineCapability({ name: 'Stage', operations: { move: {} } });
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
      const hierarchy = {
        organization: 'map-org',
        facility: 'map-fac',
        system: 'map-sys',
        service: `stage-${randomUUID().slice(0, 8)}`,
      };
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
