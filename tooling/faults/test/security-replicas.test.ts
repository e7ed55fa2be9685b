// What instances of a service on RabbitMQ must be allowed, as SECURITY.md gives it.
import { IntersectClient } from '@intersect-sdk/client';
import { lifecycleChannel, queueNameOf } from '@intersect-sdk/core';
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { expect, test } from 'vitest';
import type { SecurityBroker, User } from '../lib/security-broker.js';
import { asService, CLIENT, EXCHANGE, permissions, plain } from '../lib/security-roles.js';
import { useSecurityBroker } from '../lib/use-security-broker.js';

let broker: SecurityBroker;
useSecurityBroker((started) => {
  broker = started;
});

const HIERARCHY = { organization: 'org', facility: 'fac', system: 'sys', service: 'lab' };
const ADDRESS = 'org.fac.sys.-.lab';
const REQUESTS = queueNameOf('org/fac/sys/-/lab/request');
const SESSIONS = 'intersect-session\\.intersect-org\\.fac\\.sys\\.-\\.lab\\..*';
const TOPICS = {
  write: '\\.response$|^org\\.fac\\.sys\\.-\\.lab\\.(events\\..*|lifecycle)$',
  read: '^org\\.fac\\.sys\\.-\\.lab\\.(request|response)$',
};

function instance(user: User, instanceId: string): IntersectService {
  const lab = defineCapability({
    name: 'Lab',
    operations: { echo: { request: Type.String(), response: Type.String() } },
  }).implement({ echo: (text) => text });
  const brokers = [asService(broker, 'AMQP', user)];
  return new IntersectService([lab], { hierarchy: HIERARCHY, brokers, replicas: true, instanceId });
}

async function addUser(username: string, queues: string): Promise<User> {
  const user = { username, password: 'server' };
  const allowed = permissions(queues, TOPICS);
  await broker.addUser(user, { ...allowed, configure: `${allowed.configure}|^${EXCHANGE}$` });
  return user;
}

test('instances work with that, and the last one knows that it is the last', async () => {
  const server = await addUser('replica', `(${REQUESTS}|${SESSIONS})`);
  const asker = { username: 'asker-of-replicas', password: 'asker' };
  await broker.addUser(asker, CLIENT.AMQP);
  const { username, password } = broker.rabbitmq;
  const watcher = plain(broker, 'AMQP', { username, password });
  const told: (string | undefined)[] = [];
  await watcher.connect();
  await watcher.subscribe(lifecycleChannel(ADDRESS), ({ headers }) => {
    if (headers.lifecycle_type === 'LCT_SHUTDOWN') told.push(headers['x-intersect-instance']);
  });
  const [one, two] = [instance(server, 'one'), instance(server, 'two')];
  await one.startup();
  await two.startup();
  await using client = await new IntersectClient({
    brokers: [plain(broker, 'AMQP', asker)],
  }).startup();
  const question = { destination: ADDRESS, operation: 'Lab.echo', payload: 'hello' };
  for (let i = 0; i < 4; i++) expect(await client.request(question)).toBe('hello');
  await one.shutdown();
  await two.shutdown();
  await expect.poll(() => told).toEqual(['two']);
  await watcher.close();
});

test('without the queues of their sessions they are refused, and the refusal names the queue', async () => {
  const answers = queueNameOf('org/fac/sys/-/lab/response');
  const server = await addUser('replica-without', `(${REQUESTS}|${answers})`);
  await expect(instance(server, 'one').startup()).rejects.toMatchObject({
    code: 'SUBSCRIBE_REFUSED',
    message: expect.stringContaining('intersect-session.intersect-org.fac.sys.-.lab.one'),
  });
});
