// Several instances of one service: they share its requests, and nothing of one comes to another.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import type { WireMessage } from '@intersect-sdk/core';
import { lifecycleChannel } from '@intersect-sdk/core';
import {
  defineCapability,
  IntersectService,
  type IntersectServiceConfig,
  Type,
} from '@intersect-sdk/service';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';
import { describeWithEachBroker, type Way } from './support/each-broker.js';

const Lab = defineCapability({
  name: 'Lab',
  operations: {
    measure: { request: Type.Integer(), response: Type.String() },
    ask_other: { request: Type.Integer(), response: Type.String() },
  },
  events: { measured: { schema: Type.Integer() } },
});

const hierarchyOf = (service: string) => ({ organization: 'org', facility: 'fac', system: 'sys', service });

function serviceAt(way: Way, name: string, config: Partial<IntersectServiceConfig> = {}) {
  const reports: string[] = [];
  const ran: number[] = [];
  const heard: unknown[] = [];
  const id = config.instanceId ?? 'alone';
  const capability = Lab.implement({
    measure: (number) => {
      ran.push(number);
      return id;
    },
    ask_other: async (number, { call }) => {
      const destination = `org.fac.sys.-.${name}-other`;
      const { payload } = await call({ destination, operation: 'Lab.measure', payload: number });
      return `${id} ${payload}`;
    },
  });
  const service = new IntersectService([capability], {
    brokers: [way.transport()],
    hierarchy: hierarchyOf(name),
    concurrency: 4,
    onReport: ({ kind, message }) => reports.push(`${kind}: ${message}`),
    ...config,
  });
  return { service, capability, reports, ran, heard, id };
}

function instances(way: Way, name: string, config: Partial<IntersectServiceConfig> = {}) {
  return ['one', 'two'].map((instanceId) => serviceAt(way, name, { replicas: true, instanceId, ...config }));
}

/** What the lifecycle channel of a service tells, as `LCT_STARTUP one`. */
async function lifecycleOf(way: Way, address: string) {
  const told: string[] = [];
  const transport = way.transport();
  await transport.connect();
  await transport.subscribe(lifecycleChannel(address), ({ headers }: WireMessage) => {
    told.push(`${headers.lifecycle_type} ${headers['x-intersect-instance']}`);
  });
  return { told, [Symbol.asyncDispose]: () => transport.close() };
}

describeWithEachBroker((way) => {
  if (way.title === 'MQTT on RabbitMQ') {
    test(`${way.title}: refused at startup with the reason`, async () => {
      const { service } = serviceAt(way, `lab-${randomUUID()}`, { replicas: true, instanceId: 'one' });
      await expect(service.startup()).rejects.toMatchObject({
        code: 'SUBSCRIBE_REFUSED',
        message: expect.stringMatching(/no shared subscriptions.*AMQP/s),
      });
      expect(service.isConnected()).toBe(false);
    });
    return;
  }

  describe(way.title, () => {
    test('share requests, keep what is their own, and the last one says that the service is gone', async () => {
      const name = `lab-${randomUUID()}`;
      const [one, two] = instances(way, name) as [ReturnType<typeof serviceAt>, ReturnType<typeof serviceAt>];
      const other = serviceAt(way, `${name}-other`);
      const { address } = one.service;
      await using lifecycle = await lifecycleOf(way, address);
      await other.service.startup();
      await one.service.startup();
      await two.service.startup();
      await expect.poll(() => lifecycle.told).toEqual(['LCT_STARTUP one', 'LCT_STARTUP two']);

      await using client = await new IntersectClient({ brokers: [way.transport()] }).startup();
      const ask = (operation: string, payload: number) =>
        client.request({ destination: address, operation, payload });
      const numbers = Array.from({ length: 40 }, (_, number) => number);
      const answers = await Promise.all(numbers.map((number) => ask('Lab.measure', number)));
      expect(new Set(answers)).toEqual(new Set(['one', 'two']));
      expect([...one.ran, ...two.ran].sort((a, b) => a - b)).toEqual(numbers);
      const asked = await Promise.all(numbers.map((number) => ask('Lab.ask_other', number)));
      expect(new Set(asked)).toEqual(new Set(['one alone', 'two alone']));

      await one.service.shutdown();
      expect(await ask('Lab.measure', 40)).toBe('two');
      await two.service.shutdown('the end');
      await expect.poll(() => lifecycle.told).toContain('LCT_SHUTDOWN two');
      expect(lifecycle.told).toEqual(['LCT_STARTUP one', 'LCT_STARTUP two', 'LCT_SHUTDOWN two']);
      expect([one, two, other].flatMap(({ reports }) => reports)).toEqual([]);
      await other.service.shutdown();
      await Promise.all([way.cleanUp(address), way.cleanUp(other.service.address)]);
    });

    test('what an instance had not answered at its end is done by another, or by itself when it is back', async () => {
      const name = `lab-${randomUUID()}`;
      let runs = 0;
      const start = async () => {
        const Slow = defineCapability({ name: 'Slow', operations: { work: { response: Type.Integer() } } });
        // The first one never ends, whatever it is told.
        const slow = Slow.implement({ work: () => (++runs === 1 ? new Promise<number>(() => {}) : runs) });
        const service = new IntersectService([slow], {
          brokers: [way.transport()],
          hierarchy: hierarchyOf(name),
          replicas: true,
          instanceId: 'one',
          shutdownTimeoutMs: 1,
        });
        return service.startup();
      };
      const first = await start();
      const { address } = first;
      await using client = await new IntersectClient({ brokers: [way.transport()] }).startup();
      const answer = client.request({ destination: address, operation: 'Slow.work', payload: null });
      await expect.poll(() => runs).toBe(1);
      await first.shutdown();
      const second = await start();
      expect(await answer).toBe(2);
      await second.shutdown();
      await way.cleanUp(address);
    });

    test.each(['one', 'each'] as const)('hear events: %s', async (replicaEvents) => {
      const name = `lab-${randomUUID()}`;
      const source = serviceAt(way, `${name}-source`);
      const pair = instances(way, name, { replicaEvents });
      for (const { service, heard } of pair) {
        await service.registerEvent(
          { hierarchy: source.service.address, capabilityName: 'Lab', eventName: 'measured' },
          ({ payload }) => void heard.push(payload),
        );
        await service.startup();
      }
      await source.service.startup();
      const numbers = Array.from({ length: 20 }, (_, number) => number);
      for (const number of numbers) await source.capability.emit('measured', number);
      const heard = () => pair.flatMap((instance) => instance.heard as number[]).sort((a, b) => a - b);
      const expected = replicaEvents === 'one' ? numbers : numbers.flatMap((number) => [number, number]);
      await expect.poll(() => heard().length).toBeGreaterThanOrEqual(expected.length);
      for (const { service } of [...pair, source]) await service.shutdown();
      expect(heard()).toEqual(expected);
      await Promise.all([way.cleanUp(`org.fac.sys.-.${name}`), way.cleanUp(source.service.address)]);
    });

    test('hear all events between them, whichever of them have ended, and the last one finds what came meanwhile', async () => {
      const name = `lab-${randomUUID()}`;
      const source = serviceAt(way, `${name}-source`);
      const pair = instances(way, name);
      const [one, two] = pair as [ReturnType<typeof serviceAt>, ReturnType<typeof serviceAt>];
      for (const { service, heard } of pair) {
        await service.registerEvent(
          { hierarchy: source.service.address, capabilityName: 'Lab', eventName: 'measured' },
          ({ payload }) => void heard.push(payload),
        );
        await service.startup();
      }
      await source.service.startup();
      await one.service.shutdown();
      const numbers = Array.from({ length: 20 }, (_, number) => number);
      for (const number of numbers) await source.capability.emit('measured', number);
      await expect.poll(() => two.heard).toEqual(numbers);
      await two.service.shutdown();
      await source.capability.emit('measured', 20);
      await two.service.startup();
      await expect.poll(() => two.heard).toEqual([...numbers, 20]);
      expect(one.heard).toEqual([]);
      for (const { service } of [two, source]) await service.shutdown();
      await Promise.all([way.cleanUp(`org.fac.sys.-.${name}`), way.cleanUp(source.service.address)]);
    });

    if (way.title.startsWith('MQTT')) {
      test('need an id that comes back', async () => {
        const { service } = serviceAt(way, `lab-${randomUUID()}`, { replicas: true });
        await expect(service.startup()).rejects.toMatchObject({
          code: 'CONFIG_INVALID',
          issues: [{ path: 'instanceId', message: expect.stringContaining('restart') }],
        });
      });
    }
  });
});

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password, amqpUrl } = rabbitmq;
  const way: Way = {
    title: 'AMQP',
    transport: () => amqpTransport({ url: amqpUrl, username, password }),
    cleanUp: async () => {},
  };

  test('two instances that do not say so are told, once', async () => {
    const name = `lab-${randomUUID()}`;
    const [one, two] = [serviceAt(way, name), serviceAt(way, name)];
    await one.service.startup();
    await two.service.startup();
    const told = two.reports.filter((report) => report.startsWith('broker-notice'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('replicas: true');
    expect(one.reports).toEqual([]);
    await two.service.shutdown();
    await one.service.shutdown();
  });
});

describeWithBroker('mosquitto', ({ mqttUrl: url, username, password }) => {
  test('two instances that do not say so: the first is told', async () => {
    const way: Way = {
      title: 'MQTT',
      transport: () => mqttTransport({ url, username, password }),
      cleanUp: async () => {},
    };
    const name = `lab-${randomUUID()}`;
    const [one, two] = [serviceAt(way, name), serviceAt(way, name)];
    await one.service.startup();
    const ended = one.service.untilFinished().catch((error: unknown) => error);
    await two.service.startup();
    expect(await ended).toMatchObject({ message: expect.stringContaining('replicas: true') });
    await two.service.shutdown();
    await one.service.shutdown();
  });
});
