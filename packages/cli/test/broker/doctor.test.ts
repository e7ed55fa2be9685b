// What the doctor finds at real brokers: where all is well, and for each fault that can be made there.
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RabbitmqEndpoints } from '@intersect-sdk/test-brokers';
import { startBrokers } from '@intersect-sdk/test-brokers';
import { describeWithBroker, describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.js';
import { run } from '../support/run-in-process.js';

const VHOST = `doctor-${process.pid}`;
const WEAK = { username: `weak-${process.pid}`, password: 'weak-password' };

/** Changes something at RabbitMQ by its management interface. */
async function manage(rabbitmq: RabbitmqEndpoints, request: string, body?: object): Promise<void> {
  const [method = '', path] = request.split(' ');
  const { managementUrl, username, password } = rabbitmq;
  const response = await fetch(`${managementUrl}/api${path}`, {
    method,
    headers: {
      authorization: `Basic ${btoa(`${username}:${password}`)}`,
      'content-type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${request}: ${response.status} ${await response.text()}`);
}

function brokerOf(url: string, account: { username: string; password: string }, vhost?: string) {
  const { protocol, hostname: host, port } = new URL(url);
  const { username, password } = account;
  const isAmqp = protocol === 'amqp:';
  return {
    protocol: isAmqp ? 'amqp0.9.1' : 'mqtt5.0',
    host,
    port: Number(port),
    username: vhost !== undefined && !isAmqp ? `${vhost}:${username}` : username,
    password,
    ...(vhost !== undefined && isAmqp && { vhost }),
  };
}

interface Examined {
  readonly exit: number;
  readonly of: (check: string) => Finding | undefined;
  readonly findings: readonly Finding[];
}

async function examine(config: object, management: string): Promise<Examined> {
  const file = join(mkdtempSync(join(tmpdir(), 'intersect-cli-')), 'client.json');
  writeFileSync(file, JSON.stringify(config));
  const ran = await run(['doctor', '--config', file, '--management', management, '--json']);
  const { findings } = ran.json() as { readonly findings: Finding[] };
  return { exit: ran.exit, findings, of: (check) => findings.find((finding) => finding.check === check) };
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { amqpUrl, mqttUrl, managementUrl } = rabbitmq;

  test('where all is well there is neither a problem nor a warning of the broker itself', async () => {
    const brokers = [brokerOf(mqttUrl, rabbitmq), brokerOf(amqpUrl, rabbitmq)];
    const { exit, findings } = await examine({ brokers }, managementUrl);
    expect(exit).toBe(0);
    // Other tests leave queues behind while they run.
    const bad = findings.filter(
      ({ level, check }) =>
        (level === 'problem' || level === 'warning') && check !== 'queues-without-consumer',
    );
    expect(bad).toEqual([]);
    const checks = new Set(findings.map(({ check }) => check));
    expect([...checks].sort()).toEqual(
      [
        ...[
          'clocks',
          'consumer-timeout',
          'default-queue-type',
          'highest-qos',
          'largest-message',
          'login',
          'mqtt-5',
        ],
        ...[
          'mqtt-meets-amqp',
          'mqtt-prefetch',
          'queues-without-consumer',
          'rights',
          'shared-subscriptions',
          'store',
          'versions',
        ],
      ].sort(),
    );
  });

  test.each([
    ['MQTT', mqttUrl],
    ['AMQP', amqpUrl],
  ])('a wrong password over %s', async (_, url) => {
    const { exit, of } = await examine(
      { brokers: [brokerOf(url, { ...rabbitmq, password: 'wrong' })] },
      managementUrl,
    );
    expect(of('login')).toMatchObject({
      level: 'problem',
      mend: expect.stringContaining('rabbitmqctl change_password'),
    });
    expect(exit).toBe(2);
  });

  test('programs that ask for TLS where there is none', async () => {
    const { exit, of } = await examine(
      { brokers: [{ ...brokerOf(amqpUrl, rabbitmq), tls: true }] },
      managementUrl,
    );
    expect(of('tls')).toMatchObject({ level: 'problem', mend: expect.stringContaining('openssl s_client') });
    expect(exit).toBe(2);
  });

  describe('a virtual host that is set up badly', () => {
    beforeAll(async () => {
      await manage(rabbitmq, `PUT /vhosts/${VHOST}`, { default_queue_type: 'quorum' });
      const all = { configure: '.*', write: '.*', read: '.*' };
      await manage(rabbitmq, `PUT /permissions/${VHOST}/${rabbitmq.username}`, all);
      await manage(rabbitmq, `PUT /users/${WEAK.username}`, { password: WEAK.password, tags: '' });
      await manage(rabbitmq, `PUT /permissions/${VHOST}/${WEAK.username}`, {
        configure: '^$',
        write: '.*',
        read: '.*',
      });
      await manage(rabbitmq, `PUT /policies/${VHOST}/hasty`, {
        pattern: '.*',
        definition: { 'consumer-timeout': 60_000 },
        'apply-to': 'queues',
      });
    });
    afterAll(async () => {
      await manage(rabbitmq, `DELETE /vhosts/${VHOST}`);
      await manage(rabbitmq, `DELETE /users/${WEAK.username}`);
    });

    test('queue types, hasty policies, and queues that nobody reads', async () => {
      const channel = 'doctor-org/doctor-fac/doctor-sys/-/doctor-svc/request';
      const { username, password } = rabbitmq;
      const transport = amqpTransport({ url: `${amqpUrl}/${VHOST}`, username, password });
      await transport.connect();
      await transport.subscribe(channel, () => {}, { retention: 'durable' });
      await transport.close();
      const { exit, of } = await examine({ brokers: [brokerOf(amqpUrl, rabbitmq, VHOST)] }, managementUrl);
      expect(of('default-queue-type')).toMatchObject({
        level: 'warning',
        text: expect.stringContaining('quorum'),
      });
      expect(of('consumer-timeout')).toMatchObject({
        level: 'warning',
        mend: `rabbitmqctl clear_policy -p ${VHOST} hasty`,
      });
      const name = createHash('sha384').update(channel).digest('hex');
      expect(of('queues-without-consumer')).toMatchObject({
        text: expect.stringContaining('doctor-org.doctor-fac.doctor-sys.-.doctor-svc.request'),
        mend: `rabbitmqctl delete_queue -p ${VHOST} ${name}`,
      });
      expect(exit).toBe(0);
    });

    test('a user who may make no queue', async () => {
      const { exit, of } = await examine({ brokers: [brokerOf(amqpUrl, WEAK, VHOST)] }, managementUrl);
      expect(of('rights')).toMatchObject({
        level: 'problem',
        mend: `rabbitmqctl set_permissions -p ${VHOST} ${WEAK.username} '.*' '.*' '.*'`,
      });
      expect(exit).toBe(1);
    });

    test('a user who may do all but read the management interface', async () => {
      const all = { configure: '.*', write: '.*', read: '.*' };
      await manage(rabbitmq, `PUT /permissions/${VHOST}/${WEAK.username}`, all);
      const { exit, of } = await examine({ brokers: [brokerOf(amqpUrl, WEAK, VHOST)] }, managementUrl);
      expect(of('management')).toMatchObject({
        level: 'note',
        mend: expect.stringContaining(`set_user_tags ${WEAK.username} monitoring`),
      });
      expect(exit).toBe(0);
    });

    test('a virtual host that is not there', async () => {
      const { exit, of } = await examine(
        { brokers: [brokerOf(amqpUrl, rabbitmq, 'nowhere')] },
        managementUrl,
      );
      expect(of('login')).toMatchObject({ level: 'problem', mend: 'rabbitmqctl add_vhost nowhere' });
      expect(exit).toBe(2);
    });

    test('MQTT and AMQP programs that do not meet', async () => {
      const brokers = [brokerOf(mqttUrl, rabbitmq), brokerOf(amqpUrl, rabbitmq, VHOST)];
      const { of } = await examine({ brokers }, managementUrl);
      expect(of('mqtt-meets-amqp')).toMatchObject({
        level: 'warning',
        mend: expect.stringContaining('mqtt.exchange = intersect-messages'),
      });
    });
  });
});

describeWithBrokers(['rabbitmq', 's3'], ({ rabbitmq, s3 }) => {
  const { hostname: host, port } = new URL(s3.url);
  const storeOf = (password: string) => ({
    minio: [{ host, port: Number(port), username: s3.username, password }],
  });

  test('a data store, and one with a wrong password', async () => {
    const brokers = [brokerOf(rabbitmq.amqpUrl, rabbitmq)];
    const good = await examine({ brokers, dataStores: storeOf(s3.password) }, rabbitmq.managementUrl);
    expect(good.of('store')).toMatchObject({ level: 'ok' });
    const bad = await examine({ brokers, dataStores: storeOf('wrong-password') }, rabbitmq.managementUrl);
    expect(bad.of('store')).toMatchObject({
      level: 'problem',
      mend: expect.stringContaining('mc alias set'),
    });
    expect(bad.exit).toBe(1);
  });
});

describeWithBroker('rabbitmq', () => {
  test('a RabbitMQ with its own prefetch, whose services can stand still', async () => {
    await using set = await startBrokers({ rabbitmq: true, ours: true });
    const { rabbitmq } = set;
    if (!rabbitmq) throw new Error(set.unavailable.map(({ reason }) => reason).join(' '));
    await rabbitmq.rabbitmqctl('eval', 'application:set_env(rabbitmq_mqtt, prefetch, 10).');
    const { of } = await examine({ brokers: [brokerOf(rabbitmq.mqttUrl, rabbitmq)] }, rabbitmq.managementUrl);
    expect(of('mqtt-prefetch')).toMatchObject({
      level: 'warning',
      text: expect.stringContaining('hands out 10 requests'),
      mend: expect.stringContaining('mqtt.prefetch = 100'),
    });
  });
});
