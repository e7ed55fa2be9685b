import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntersectClient } from '@intersect-sdk/client';
import { loadClientConfig, loadServiceConfig } from '@intersect-sdk/config';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import { checkBrokerConfig, transportFor } from '@intersect-sdk/messaging/broker-config';
import { CapabilityError, defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { makeAuthority } from '@intersect-sdk/test-brokers/certificates';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import type { Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { amqpDriver, amqpTransport, resolveAmqpOptions } from '@intersect-sdk/transport-amqp';
import { mqttDriver, mqttTransport, resolveMqttOptions } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';
import { SecretSearch } from '../lib/secret-search.js';

const WRONG_PASSWORD = 'wr0ng:pa55/w@rd-7f3a';
const PAYLOAD = 'the-sample-is-called-9c1e';
const PASSPHRASE = 'open-sesame-44d0';

const HIERARCHY = { organization: 'org', facility: 'fac', system: 'sys', service: 'quiet' };
const DESTINATION = 'org.fac.sys.-.quiet';

const quiet = () =>
  defineCapability({
    name: 'Quiet',
    operations: {
      echo: { request: Type.String(), response: Type.String() },
      number: { request: Type.Integer(), response: Type.Integer() },
      refuse: { request: Type.String(), response: Type.String() },
    },
    events: { said: { schema: Type.String() } },
  }).implement({
    echo: (text) => text,
    number: (value) => value,
    refuse: () => {
      throw new CapabilityError('not today');
    },
  });

/** What was thrown. */
async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Works, fails and ends over one broker, and shows all that can be seen of it. */
async function showAll(
  search: SecretSearch,
  transport: (role: string, password?: string) => Transport,
): Promise<void> {
  const ofClient = transport('client');
  const ofService = transport('service');
  for (const [role, one] of Object.entries({ client: ofClient, service: ofService })) {
    one.onEvent((event) => search.show(`event of the ${role}'s transport`, event));
  }
  const lab = quiet();
  const service = new IntersectService([lab], {
    hierarchy: HIERARCHY,
    brokers: [ofService],
    logger: search.logger('service'),
    onReport: (report) => search.show('report of the service', report),
  });
  const client = new IntersectClient({
    brokers: [ofClient],
    logger: search.logger('client'),
    onReport: (report) => search.show('report of the client', report),
  });
  await service.startup();
  await client.startup();
  const ask = (operation: string, payload: unknown): Promise<unknown> =>
    client.request({ destination: DESTINATION, operation: `Quiet.${operation}`, payload });
  expect(await ask('echo', PAYLOAD)).toBe(PAYLOAD);
  await lab.emit('said', PAYLOAD);
  search.show('a refused argument', await thrownBy(() => ask('number', PAYLOAD)));
  search.show('a refused argument with fields', await thrownBy(() => ask('number', { a: [PAYLOAD] })));
  search.show('an unknown operation', await thrownBy(() => ask('nothing', PAYLOAD)));
  search.show('a failed operation', await thrownBy(() => ask('refuse', PAYLOAD)));
  search.show(
    'a value that cannot be sent',
    await thrownBy(() => ask('echo', { text: PAYLOAD, n: Number.NaN })),
  );
  search.show('a wrong event', await thrownBy(() => lab.emit('said', { text: PAYLOAD } as never)));
  const nowhere = { destination: 'no.body.at.-.home', operation: 'Quiet.echo', payload: PAYLOAD };
  search.show('nobody there', await thrownBy(() => client.request(nowhere, { timeoutMs: 2_000 })));
  await ofClient.publish({
    channel: 'org/fac/sys/-/quiet/request',
    payload: Buffer.from(`{"${PAYLOAD}`),
    contentType: 'application/json',
    headers: { source: PAYLOAD.slice(0, 3) },
  });
  search.show('client', client, { client });
  search.show('service', service, service.health(), lab, service.schema);
  search.show('transports', ofClient, ofService, ofClient.capabilities, ofClient.state);
  await client.shutdown();
  await service.shutdown();
  const refused = transport('refused', WRONG_PASSWORD);
  refused.onEvent((event) => search.show('event of a refused transport', event));
  search.show(
    'a refused password',
    await thrownBy(() => refused.connect()),
    refused.state,
    await refused.closed,
  );
}

const search = (more: Readonly<Record<string, string>>): SecretSearch =>
  new SecretSearch({ 'a wrong password': WRONG_PASSWORD, 'a payload': PAYLOAD, ...more });

test('the search finds what is shown, wherever it stands', () => {
  const found = search({});
  found.show('cause', new Error('x', { cause: { options: [{ password: WRONG_PASSWORD }] } }));
  found.show('JSON', { toJSON: () => PAYLOAD });
  found.show('base64', Buffer.from(PAYLOAD).toString('base64'));
  found.logger('log').warn({ url: `mqtt://user:${encodeURIComponent(WRONG_PASSWORD)}@host` }, 'connecting');
  expect(found.found).toEqual([
    'a wrong password in cause',
    'a payload in JSON',
    'a payload in base64',
    "a wrong password in log: log 'connecting'",
  ]);
});

test('in memory, nothing shows a password or a payload', async () => {
  const password = 'memory-pa55word-11b2';
  const found = search({ 'the password': password });
  const broker = new MemoryBroker({ password });
  await showAll(found, (role, given = password) =>
    memoryTransport(broker, { name: role, password: given, logger: found.logger(role) }),
  );
  found.show('broker', broker);
  expect(found.size).toBeGreaterThan(50);
  expect(found.found).toEqual([]);
});

test('over MQTT, neither client, service nor the development broker shows a password or a payload', async () => {
  const password = 'devbroker-pa55word-90aa';
  const found = search({ 'the password': password });
  await using broker = await startDevBroker({
    port: 0,
    password,
    logger: found.logger('development broker'),
  });
  await showAll(found, (role, given = password) =>
    mqttTransport({
      port: broker.port,
      username: 'intersect_username',
      password: given,
      logger: found.logger(role),
    }),
  );
  found.show('development broker', broker);
  expect(found.size).toBeGreaterThan(50);
  expect(found.found).toEqual([]);
});

describeWithBroker('rabbitmq', ({ amqpUrl, username, password }) => {
  test('over AMQP, nothing shows a password or a payload', async () => {
    const found = search({ 'the password': password });
    const { hostname, port } = new URL(amqpUrl);
    await showAll(found, (role, given = password) =>
      amqpTransport({
        ...{ host: hostname, port: Number(port), username, password: given },
        logger: found.logger(role),
      }),
    );
    expect(found.size).toBeGreaterThan(50);
    expect(found.found).toEqual([]);
  });
});

describe('configurations and what is wrong with them', () => {
  const password = 'config-pa55word-c0de';

  test('show no password, key or passphrase', async () => {
    const { cert, key } = await (await makeAuthority('authority')).client('client');
    const secretPartOfKey = key.split('\n')[1] as string;
    const found = search({
      'the password': password,
      'the key': secretPartOfKey,
      'the passphrase': PASSPHRASE,
    });
    const tls = { cert, key, passphrase: PASSPHRASE };
    const plain = { protocol: 'mqtt5.0', username: 'user', password, tls };
    const config = { brokers: [plain], hierarchy: HIERARCHY };
    found.show('client configuration', await loadClientConfig({ brokers: [plain] }));
    found.show('service configuration', await loadServiceConfig(config));
    found.show('broker configuration', checkBrokerConfig(plain, []));
    found.show('transport of it', await transportFor(plain as never));
    found.show('MQTT options', resolveMqttOptions({ protocol: 'mqtts', username: 'user', password, tls }));
    found.show('AMQP options', resolveAmqpOptions({ username: 'user', password, tls }));
    found.show('drivers', mqttDriver({ password }), amqpDriver({ username: 'user', password, tls }));
    const unreadable = { ...tls, key: `${key.slice(0, 60)}${secretPartOfKey}` };
    for (const transport of [
      mqttTransport({ protocol: 'mqtts', port: 1, password, tls: unreadable, connectTimeoutMs: 500 }),
      amqpTransport({ port: 1, username: 'user', password, tls: unreadable, connectTimeoutMs: 500 }),
    ]) {
      found.show('an unreadable key', await thrownBy(() => transport.connect()), transport.state);
      await transport.close();
    }
    expect(found.found).toEqual([]);
  });

  test('that cannot be used do not repeat them', async () => {
    const found = search({ 'the password': password });
    const folder = await mkdtemp(join(tmpdir(), 'intersect-secrets-'));
    const texts = [
      `{ "brokers": [ { "password": "${password}", `,
      `brokers:\n  - password: "${password}\n bad`,
    ];
    const files = ['broken.json', 'broken.yaml'].map((name) => join(folder, name));
    await Promise.all(files.map((file, at) => writeFile(file, texts[at] ?? '')));
    const wrong = [
      () => mqttTransport({ url: `mqtt://user:${password}@host:99999999` }),
      () => mqttTransport({ url: `http://user:${password}@host` }),
      () => amqpTransport({ url: `amqp://user:${password}@host/a/b?c#d` }),
      () => amqpTransport({ url: `amqp://user:${password}%zz@host` }),
      () => mqttTransport({ username: 5, password: { password } } as never),
      ...[mqttTransport, amqpTransport].flatMap((make) => {
        const login = { username: 'user', password: 'p' };
        const url = `amqp://user:${password}@host/`;
        return [
          () => make({ ...login, host: url }).connect(),
          () => make({ ...login, hosts: [`user:${password}@host`, { host: url }] }).connect(),
          () => make({ ...login, host: `host?password=${password}` }).connect(),
          () => make({ ...login, tls: { ca: 'x', cert: url } }).connect(),
        ];
      }),
      () =>
        amqpTransport({ url: `amqp://user:1/${password}@127.0.0.1`, username: 'u', password: 'p' }).connect(),
      () => amqpTransport({ vhost: `amqp://user:${password}@host/`, username: 'u', password: 'p' }).connect(),
      () => mqttTransport({ port: 1, webSocketPath: `/ws?token=${password}` }).connect(),
      () => loadClientConfig(`mqtt://user:${password}@host`),
      () => loadClientConfig(`{ "brokers": [{ "password": "${password}" }] }`),
      () => loadClientConfig({ brokers: [{ protocol: 'mqtt5.0', host: `mqtt://user:${password}@host` }] }),
      () => loadClientConfig({ brokers: [{ tls: { keyFile: `-----BEGIN PRIVATE KEY-----${password}` } }] }),
      () => loadClientConfig({ brokers: [{ protocol: 'x', username: 1, password: [password] }] }),
      ...files.map((file) => () => loadClientConfig(file)),
      () => new IntersectClient({ brokers: [{ protocol: 'mqtt5.0', password, usrname: 'x' }] } as never),
      () => new IntersectService([], { brokers: [{ password }], hierarchy: {} } as never),
      () => startDevBroker({ port: -1, password }),
    ];
    for (const [at, make] of wrong.entries()) found.show(`wrong configuration ${at}`, await thrownBy(make));
    await rm(folder, { recursive: true });
    expect(found.found).toEqual([]);
  });
});
