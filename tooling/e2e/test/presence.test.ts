// Who is there, asked of services of both SDKs: also of one that is busy, and of one that is gone.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { connect } from 'amqplib';
import { describe, expect, test, vi } from 'vitest';
import { describeWithEachBroker } from './support/each-broker.js';
import { PythonService, whenReachable } from './support/python-service.js';
import { pythonWays } from './support/python-ways.js';
import { removeServiceQueues, requestQueueOf } from './support/queues.js';

const Stage = defineCapability({
  name: 'Stage',
  operations: { move: { response: Type.String() } },
  status: { schema: Type.Object({ moving: Type.Boolean() }) },
});

const hierarchyOf = (service: string) => ({
  organization: 'presence-org',
  facility: 'presence-fac',
  system: 'presence-sys',
  service,
});

describeWithEachBroker(({ title, transport, cleanUp }) => {
  test(`${title}: a service of ours is up while all its places are taken, and says what it can do`, async () => {
    let finish: (done: string) => void = () => {};
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const stage = Stage.implement({
      move: () => {
        begin();
        return new Promise<string>((resolve) => {
          finish = resolve;
        });
      },
      status: () => ({ moving: true }),
    });
    const service = new IntersectService([stage], {
      hierarchy: hierarchyOf(`stage-${randomUUID().slice(0, 8)}`),
      brokers: [transport()],
      concurrency: 1,
    });
    const { address } = service;
    await using client = await new IntersectClient({ brokers: [transport()] }).startup();
    expect(await client.ping(address)).toEqual({ state: 'absent', address });
    await service.startup();
    try {
      const moving = client.request({ destination: address, operation: 'Stage.move' });
      await begun;
      expect(await client.ping(address, { timeoutMs: 20_000 })).toMatchObject({ state: 'up' });
      const described = await client.describe(address);
      expect(described).toMatchObject({ from: 'service', statuses: { Stage: { moving: true } } });
      expect(described.schema).toEqual(service.schema);
      finish('there');
      expect(await moving).toBe('there');
    } finally {
      await service.shutdown();
      await cleanUp(address);
    }
  });
});

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python }) => {
  describe.each(pythonWays(rabbitmq))(
    'a service of the Python SDK by $title',
    ({ title, broker, makeTransport }) => {
      test('is up; busy for a minute it is silent; killed it is absent, or silent where its queue stays, and no ping stays there', async () => {
        const name = `probe-${randomUUID()}`;
        const service = await PythonService.start(python.interpreter, broker, name);
        const { address } = service;
        await using client = await new IntersectClient({ brokers: [makeTransport()] }).startup();
        try {
          await whenReachable(client, address);
          const up = await client.ping(address, { timeoutMs: 20_000 });
          expect(up).toMatchObject({ state: 'up', coreStatus: { uptime: expect.any(String) } });
          const given = new AbortController();
          const resting = client.request(
            { destination: address, operation: 'Probe.rest', payload: 60 },
            { signal: given.signal },
          );
          await service.lines(2);
          expect(await client.ping(address, { timeoutMs: 1_000 })).toEqual({ state: 'silent', address });
          given.abort();
          await resting.catch(() => {});
        } finally {
          await service.kill();
        }
        const state = async () => (await client.ping(address, { timeoutMs: 1_000 })).state;
        // The broker notices the end of a connection a little later.
        await expect.poll(state, { timeout: 20_000 }).toBe(title === 'AMQP' ? 'silent' : 'absent');
        if (title === 'AMQP') {
          expect(await leftIn(requestQueueOf(address))).toEqual(['Probe.rest']);
          await removeServiceQueues(rabbitmq, address);
        }
      });

      test('is described by a source, since it does not know the question', async () => {
        await using service = await PythonService.start(python.interpreter, broker, `probe-${randomUUID()}`);
        const { address } = service;
        await using client = await new IntersectClient({ brokers: [makeTransport()] }).startup();
        await whenReachable(client, address);
        const known = { schema: { info: { title: address } }, toldAtMs: Date.now() };
        const sources = [{ name: 'the test', find: () => known }];
        expect(await client.describe(address, { sources })).toMatchObject({
          from: 'source',
          source: 'the test',
        });
      });
    },
  );

  /** The operations that the queue still asks for, once its service is gone. */
  async function leftIn(queue: string): Promise<unknown[]> {
    const { hostname, port } = new URL(rabbitmq.amqpUrl);
    const { username, password } = rabbitmq;
    const connection = await connect({ hostname, port: Number(port), username, password });
    const channel = await connection.createChannel();
    await vi.waitUntil(async () => (await channel.checkQueue(queue)).consumerCount === 0, {
      timeout: 10_000,
    });
    const left: unknown[] = [];
    for (let next = await channel.get(queue, { noAck: true }); next; ) {
      left.push(next.properties.headers?.operation_id);
      next = await channel.get(queue, { noAck: true });
    }
    await connection.close();
    return left;
  }
});
