// What the doctor says of what brokers tell, with brokers and a management interface that tell what they are told to.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkBrokerConfig } from '@intersect-sdk/transport/endpoint';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.js';
import { judgeManagement } from '../../src/doctor/judge-management.js';
import { type ManagementFacts, managementFacts } from '../../src/doctor/management.js';
import { judgeMqttFacts, mqttFacts } from '../../src/doctor/mqtt-facts.js';
import { startFakeMqttBroker } from '../support/fake-mqtt-broker.js';
import { run } from '../support/run-in-process.js';

const GOOD: ManagementFacts = {
  version: '4.0.5',
  clockAheadMs: 0,
  defaultQueueType: 'classic',
  policies: [],
  queues: [],
  bindings: [],
};

function found(findings: readonly Finding[], check: string): Finding {
  const [first] = findings.filter((finding) => finding.check === check);
  if (!first) throw new Error(`Nothing about ${check}`);
  return first;
}

describe('of RabbitMQ', () => {
  test('where all is well, all is ok', () => {
    expect(new Set(judgeManagement(GOOD, '/').map(({ level }) => level))).toEqual(new Set(['ok']));
  });

  test.each<[string, Partial<ManagementFacts>, string, string]>([
    ['versions', { version: '3.12.14' }, 'speaks no MQTT 5', 'docker pull rabbitmq'],
    ['clocks', { clockAheadMs: 300_000 }, '300 s behind', 'timedatectl set-ntp true'],
    ['clocks', { clockAheadMs: -6_000 }, '6 s ahead of', 'timedatectl set-ntp true'],
    [
      'default-queue-type',
      { defaultQueueType: 'quorum' },
      'of the type quorum',
      '--default-queue-type classic',
    ],
    [
      'consumer-timeout',
      { policies: [{ name: 'hasty', definition: { 'consumer-timeout': 60_000 } }] },
      'The policy hasty gives a handler 60000 ms',
      'rabbitmqctl clear_policy -p lab hasty',
    ],
    [
      'queues-without-consumer',
      {
        queues: [{ name: 'abc', durable: true, consumers: 0, messages: 3 }],
        bindings: [{ destination: 'abc', routing_key: 'org.fac.sys.-.svc.request' }],
      },
      'The queue of org.fac.sys.-.svc.request has nobody who reads it, and 3 messages wait there',
      'rabbitmqctl delete_queue -p lab abc',
    ],
    [
      'queues-without-consumer',
      { queues: [{ name: 'mqtt-subscription-x-qos1', durable: true, consumers: 0, messages: 1 }] },
      'The session queue mqtt-subscription-x-qos1',
      'rabbitmqctl delete_queue -p lab mqtt-subscription-x-qos1',
    ],
  ])('%s', (...[check, facts, text, mend]) => {
    const finding = found(judgeManagement({ ...GOOD, ...facts }, 'lab'), check);
    expect(finding).toMatchObject({
      level: 'warning',
      text: expect.stringContaining(text),
      mend: expect.stringContaining(mend),
    });
  });

  test('a name at the broker can put no command of its own into what is to be typed', () => {
    const queues = [
      { name: "mqtt-subscription-'; rm -rf ~;'-qos1", durable: true, consumers: 0, messages: 1 },
    ];
    expect(found(judgeManagement({ ...GOOD, queues }, '/'), 'queues-without-consumer').mend).toBe(
      `rabbitmqctl delete_queue -p / 'mqtt-subscription-'\\''; rm -rf ~;'\\''-qos1'`,
    );
  });

  test('queues of others, and queues that are read, are none of its business', () => {
    const queues = [
      { name: 'theirs', durable: true, consumers: 0, messages: 9 },
      { name: 'read', durable: true, consumers: 1, messages: 9 },
    ];
    const bindings = [{ destination: 'read', routing_key: 'a.b.c.-.d.request' }];
    expect(found(judgeManagement({ ...GOOD, queues, bindings }, '/'), 'queues-without-consumer').level).toBe(
      'ok',
    );
  });

  test('the clock of the broker is in every answer of its management interface', async () => {
    const answers: Record<string, unknown> = {
      '/api/overview': { rabbitmq_version: '4.1.0' },
      '/api/vhosts/%2F': { default_queue_type: 'quorum' },
      '/api/policies/%2F': [],
    };
    const server = createServer(({ url = '', headers }, response) => {
      expect(headers.authorization).toBe(`Basic ${btoa('u:p')}`);
      const [path = ''] = url.split('?');
      response.setHeader('date', new Date(Date.now() + 600_000).toUTCString());
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers[path] ?? (path.startsWith('/api/queues/') ? { items: [] } : [])));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { signal } = new AbortController();
    const facts = await managementFacts({ url, username: 'u', password: 'p', vhost: '/' }, signal);
    server.close();
    expect(facts).toMatchObject({ version: '4.1.0', defaultQueueType: 'quorum' });
    expect(found(judgeManagement(facts ?? GOOD, '/'), 'clocks')).toMatchObject({ level: 'warning' });
  });

  test('a management interface that is not there is no fault', async () => {
    const address = { url: 'http://127.0.0.1:1', username: 'u', password: 'p', vhost: '/' };
    expect(await managementFacts(address, new AbortController().signal)).toBeUndefined();
  });
});

describe('of an MQTT broker', () => {
  test.each([
    ['highest-qos', { maximumQoS: 0 }, 'problem', 'max_qos'],
    ['largest-message', { maximumPacketSize: 65_536 }, 'warning', 'mqtt.max_packet_size_authenticated'],
    ['shared-subscriptions', { sharedSubscriptionAvailable: false }, 'note', 'amqp://'],
  ])('%s', async (...[check, properties, level, mend]) => {
    await using broker = await startFakeMqttBroker(properties);
    const { port } = new URL(broker.url);
    const config = checkBrokerConfig(
      { protocol: 'mqtt5.0', port: Number(port), username: 'u', password: 'p' },
      [],
    );
    const facts = await mqttFacts(config);
    expect(found(judgeMqttFacts(facts), check)).toMatchObject({ level, mend: expect.stringContaining(mend) });
    const others = judgeMqttFacts(facts).filter((finding) => finding.check !== check);
    expect(new Set(others.map((finding) => finding.level))).toEqual(new Set(['ok']));
  });

  test('one that speaks MQTT 3.1.1 and no other', async () => {
    await using broker = await startFakeMqttBroker({}, { version: 4, returnCode: 1 });
    const ran = await run(['doctor', '--broker', broker.url, '--json']);
    const { findings } = ran.json() as { readonly findings: Finding[] };
    expect(found(findings, 'mqtt-5')).toMatchObject({
      level: 'problem',
      mend: expect.stringContaining('rabbitmq-plugins enable rabbitmq_mqtt'),
    });
    expect(ran.exit).toBe(2);
  });

  test('one that passes nothing on', async () => {
    await using broker = await startFakeMqttBroker({});
    const ran = await run(['doctor', '--broker', broker.url, '--json']);
    const { findings } = ran.json() as { readonly findings: Finding[] };
    expect(found(findings, 'rights')).toMatchObject({
      level: 'problem',
      mend: expect.stringContaining('set_permissions'),
    });
    expect(ran.exit).toBe(1);
  });
});

test('a broker that is not there', async () => {
  const ran = await run(['doctor', '--broker', 'mqtt://127.0.0.1:1', '--json']);
  const { findings } = ran.json() as { readonly findings: Finding[] };
  expect(found(findings, 'reachability')).toMatchObject({
    level: 'problem',
    mend: 'intersect broker --port 1',
  });
  expect(ran.exit).toBe(2);
});

test('a host that nobody knows', async () => {
  const ran = await run(['doctor', '--broker', 'amqp://no-such-host.invalid', '--json']);
  const { findings } = ran.json() as { readonly findings: Finding[] };
  expect(found(findings, 'reachability')).toMatchObject({ mend: 'getent hosts no-such-host.invalid' });
  expect(ran.exit).toBe(2);
});

test('a data store that is not there', async () => {
  const { mkdtempSync, writeFileSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const file = join(mkdtempSync(join(tmpdir(), 'intersect-cli-')), 'client.json');
  const account = { username: 'u', password: 'p' };
  const brokers = [{ protocol: 'mqtt5.0', port: 1, ...account }];
  writeFileSync(file, JSON.stringify({ brokers, dataStores: { minio: [{ ...account, port: 1 }] } }));
  const { findings } = (await run(['doctor', '--config', file, '--json'])).json() as {
    readonly findings: Finding[];
  };
  expect(found(findings, 'store')).toMatchObject({
    level: 'problem',
    mend: expect.stringContaining('http://127.0.0.1:1'),
  });
});
