// A service that is not to come back leaves nothing at the broker, unless another program uses it.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import { eventQueueNameOf, queueNameOf, requestChannel, responseChannel } from '@intersect-sdk/core';
import { defineCapability, IntersectService, type Report, Type } from '@intersect-sdk/service';
import { listQueues } from '@intersect-sdk/test-brokers';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { describe, expect, test } from 'vitest';
import { describeWithEachBroker } from './support/each-broker.js';

const Nothing = defineCapability({ name: 'Nothing', operations: { rest: { response: Type.Integer() } } });

function serviceAt(transport: Transport, name: string, reports: Report[] = []) {
  const state = { runs: 0 };
  const nothing = Nothing.implement({ rest: () => ++state.runs });
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: name };
  const onReport = (report: Report): void => void reports.push(report);
  const service = new IntersectService([nothing], { brokers: [transport], hierarchy, onReport });
  return { service, state };
}

interface Management {
  readonly managementUrl: string;
  readonly username: string;
  readonly password: string;
}

/** A virtual host whose queues are quorum queues unless they say otherwise. */
async function quorumHost({ managementUrl, username, password }: Management, vhost: string) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const send = async (method: string, path: string, body: object = {}) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const url = new URL(`/api/${path}`, managementUrl);
    const { ok, status } = await fetch(url, { method, headers, body: JSON.stringify(body) });
    if (!ok) throw new Error(`${method} ${path}: ${status}`);
  };
  await send('PUT', `vhosts/${vhost}`, { default_queue_type: 'quorum' });
  await send('PUT', `permissions/${vhost}/${username}`, { configure: '.*', write: '.*', read: '.*' });
  return {
    async queues(): Promise<readonly string[]> {
      const response = await fetch(new URL(`/api/queues/${vhost}`, managementUrl), {
        headers: { authorization },
      });
      return ((await response.json()) as { readonly name: string }[]).map(({ name }) => name);
    },
    [Symbol.asyncDispose]: () => send('DELETE', `vhosts/${vhost}`),
  };
}

describeWithEachBroker(({ title, transport, cleanUp }) => {
  describe(title, () => {
    test.each([
      [{ forget: true }, 'absent', 1],
      [{ reason: 'maintenance' }, 'silent', 2],
    ] as const)('after shutdown(%j) it is %s', async (options, state, runs) => {
      const name = `lab-${randomUUID()}`;
      const first = serviceAt(transport(), name);
      await first.service.startup();
      await using client = await new IntersectClient({ brokers: [transport()] }).startup();
      const { address } = first.service;
      const rest = () => client.capability(Nothing, address).rest();
      expect(await rest()).toBe(1);
      await first.service.shutdown(options);
      // RabbitMQ ends the sessions of MQTT some time after their connections.
      const looked = async () => (await client.ping(address, { timeoutMs: 300 })).state;
      await expect.poll(looked).toBe(state);
      const late = client.capability(Nothing, address).rest({ timeoutMs: 60_000 });
      late.catch(() => {});
      if (state === 'absent') await expect(late).rejects.toMatchObject({ code: 'UNROUTABLE' });
      const { service, state: second } = serviceAt(transport(), name);
      await service.startup();
      expect(await rest()).toBe(runs);
      expect(second.runs).toBe(runs);
      await service.shutdown({ forget: true });
      await cleanUp(address);
    });
  });
});

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password, amqpUrl: url } = rabbitmq;
  const transport = () => amqpTransport({ url, username, password });
  const namesOfQueues = async () => new Set((await listQueues(rabbitmq)).map(({ name }) => name));

  test('AMQP: the queues that another program uses stay, which is reported', async () => {
    const name = `lab-${randomUUID()}`;
    const reports: Report[] = [];
    const first = serviceAt(transport(), name, reports);
    const second = serviceAt(transport(), name);
    await first.service.startup();
    await second.service.startup();
    await first.service.shutdown({ forget: true });
    const { address } = first.service;
    const queues = [requestChannel(address), responseChannel(address)].map(queueNameOf);
    const told = reports.filter(({ kind }) => kind === 'broker-notice').map(({ message }) => message);
    expect(told).toEqual(queues.map((queue) => expect.stringMatching(`^Queue '${queue}'.*stays.*in use`)));
    await using client = await new IntersectClient({ brokers: [transport()] }).startup();
    expect(await client.capability(Nothing, address).rest()).toBe(1);
    await second.service.shutdown({ forget: true });
    const left = await namesOfQueues();
    expect(queues.filter((queue) => left.has(queue))).toEqual([]);
  });

  test('AMQP: quorum queues go too, and those that another program uses stay', async () => {
    const vhost = `quorum-${randomUUID()}`;
    await using host = await quorumHost(rabbitmq, vhost);
    const there = () => amqpTransport({ url, username, password, vhost });
    const name = `lab-${randomUUID()}`;
    const reports: Report[] = [];
    const first = serviceAt(there(), name, reports);
    const second = serviceAt(there(), name);
    await first.service.startup();
    await second.service.startup();
    await first.service.shutdown({ forget: true });
    const told = reports.filter(({ kind }) => kind === 'broker-notice').map(({ message }) => message);
    expect(told).toEqual([expect.stringContaining('in use'), expect.stringContaining('in use')]);
    await using client = await new IntersectClient({ brokers: [there()] }).startup();
    expect(await client.capability(Nothing, first.service.address).rest()).toBe(1);
    const queue = queueNameOf(requestChannel(first.service.address));
    expect(await host.queues()).toContain(queue);
    await second.service.shutdown({ forget: true });
    // RabbitMQ says that a quorum queue is deleted a moment before it is: what is published meanwhile it neither confirms nor returns.
    await expect.poll(host.queues).not.toContain(queue);
    await expect(client.capability(Nothing, first.service.address).rest()).rejects.toMatchObject({
      code: 'UNROUTABLE',
    });
  });

  test('AMQP: the queues of events go too', async () => {
    const { service } = serviceAt(transport(), `lab-${randomUUID()}`);
    const hierarchy = `org.fac.sys.-.other-${randomUUID()}`;
    await service.registerEvent({ hierarchy, capabilityName: 'Other', eventName: 'told' }, () => {});
    await service.startup();
    const queue = eventQueueNameOf(service.address, `${hierarchy.replaceAll('.', '/')}/events/Other/told`);
    await expect.poll(namesOfQueues).toContain(queue);
    await service.shutdown({ forget: true });
    expect(await namesOfQueues()).not.toContain(queue);
  });
});
