// The command line against a service of the Python SDK, on both protocols of RabbitMQ.

import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntersectClient } from '@intersect-sdk/client';
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import type { BrokerConfig } from '@intersect-sdk/transport/endpoint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliRan, intersect } from './support/intersect.js';
import { PythonService, whenReachable } from './support/python-service.js';
import { removeServiceQueues } from './support/queues.js';

describeWithBrokers(['rabbitmq', 'python'], ({ rabbitmq, python }) => {
  const { username, password } = rabbitmq;
  describe.each([
    ['mqtt5.0', rabbitmq.mqttUrl],
    ['amqp0.9.1', rabbitmq.amqpUrl],
  ] as const)('over %s', (protocol, brokerUrl) => {
    const { hostname: host, port, protocol: scheme, host: hostAndPort } = new URL(brokerUrl);
    const broker = `${scheme}//${username}:${password}@${hostAndPort}`;
    const config: BrokerConfig = { protocol, host, port: Number(port), username, password };
    const pythonBroker = { protocol, url: brokerUrl, username, password };
    let service: PythonService;
    let home: string;

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'intersect-cli-'));
      service = await PythonService.start(python.interpreter, pythonBroker, `cli-${randomUUID()}`);
      const client = new IntersectClient({ brokers: [config] });
      await client.startup();
      await whenReachable(client, service.address);
      await client.shutdown();
    });
    afterAll(async () => {
      await service[Symbol.asyncDispose]();
      await removeServiceQueues(rabbitmq, service.address);
    });

    const run = (...args: readonly string[]): Promise<CliRan> =>
      intersect([...args, '--broker', broker, '--json'], { home });

    test('an answer of a service that was never seen, unchecked, with one line on standard error', async () => {
      const ran = await run('call', service.address, 'Probe.greet', '"you"');
      expect(ran.json()).toMatchObject({ answer: 'Hello, you!', checkedBy: null });
      expect(ran.stderr.trimEnd().split('\n')).toEqual([
        `Not checked: the schema of ${service.address} is not known (--check waits for it).`,
      ]);
      expect(ran.exit).toBe(0);
    });

    test('an error in its words', async () => {
      const ran = await run('call', service.address, 'Probe.refuse', '"not today"');
      expect(ran.json()).toMatchObject({ error: { code: 'REMOTE_ERROR', exitCode: 5 } });
      expect(ran.stderr).toContain('not today');
      expect(ran.exit).toBe(5);
    });

    test('ping and status', async () => {
      expect((await run('ping', service.address)).json()).toMatchObject({ state: 'up' });
      const { statuses } = (await run('status', service.address)).json() as {
        statuses: Record<string, object>;
      };
      expect(statuses.intersect_sdk).toHaveProperty('uptime');
    });

    test('with --check it waits for the next lifecycle message, checks, and remembers', async () => {
      const { address } = service;
      const name = address.split('.').at(-1) ?? '';
      const args = ['call', address, 'Probe.echo', '"no number"', '--check', '--timeout', '2m'];
      let isOver = false;
      const checked = run(...args).finally(() => {
        isOver = true;
      });
      // A second program under the same name tells the schema when it starts; nobody says when the first is listened to.
      while (!isOver) {
        await using again = await PythonService.start(python.interpreter, pythonBroker, name);
        expect(again.address).toBe(address);
      }
      expect((await checked).json()).toMatchObject({ error: { code: 'SCHEMA_MISMATCH', exitCode: 6 } });
      expect((await run('call', address, 'Probe.echo', '5')).json()).toMatchObject({
        answer: 5,
        checkedBy: 'cache',
      });
    });
  });
});
