import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { ConfigError } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { loadClientConfig, loadServiceConfig } from '../../src/index.js';

const broker = { protocol: 'mqtt5.0', username: 'lab', password: 'secret-word' };
const env = {};
const BILLION_LAUGHS = Array.from({ length: 9 }, (_, level) =>
  level === 0
    ? 'l0: &l0 lol'
    : `l${level}: &l${level} [${Array(9)
        .fill(`*l${level - 1}`)
        .join(', ')}]`,
).join('\n');
const manyAnchors = (count: number) => Array.from({ length: count }, (_, n) => `- &a${n} x`).join('\n');

async function failureOf(loading: Promise<unknown>): Promise<ConfigError> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error('expected a ConfigError', { cause: error });
  return error;
}

async function folderWith(files: Record<string, string>): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'intersect-config-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

// The same configuration as the Python SDK reads it and as ours is written.
const pythonConfig = {
  brokers: [{ ...broker, port: null, is_root: false }],
  data_stores: { minio: [{ username: 'minio', password: 'secret-word', port: 9000 }] },
  initial_message_event_config: {
    messages_to_send: [
      {
        destination: 'org.fac.sys.-.svc',
        operation: 'Cap.fn',
        payload: { is_root: 1, messages_to_send: [null], dataStores: 'x', data_stores: 'y' },
        content_type: 'application/json',
        data_handler: 'MINIO',
      },
      { destination: 'org.fac.sys.-.svc', operation: 'Cap.fn', payload: null },
    ],
    services_to_start_listening_for_events: [
      { hierarchy: 'org.fac.sys.-.svc', capability_name: 'Cap', event_name: 'done' },
    ],
    services_to_stop_listening_for_events: [],
  },
  resend_initial_messages_on_secondary_startup: true,
  terminate_after_initial_messages: false,
  system: 'sys',
  facility: 'fac',
  organization: 'org',
};

const clientConfig = {
  brokers: [{ ...broker, host: '127.0.0.1', port: 1883, isRoot: false, tls: false }],
  dataStores: { minio: [{ username: 'minio', password: 'secret-word', host: '127.0.0.1', port: 9000 }] },
  initialMessageEventConfig: {
    messagesToSend: [
      {
        destination: 'org.fac.sys.-.svc',
        operation: 'Cap.fn',
        payload: { is_root: 1, messages_to_send: [null], dataStores: 'x', data_stores: 'y' },
        contentType: 'application/json',
        dataHandler: 'MINIO',
      },
      { destination: 'org.fac.sys.-.svc', operation: 'Cap.fn', payload: null },
    ],
    servicesToStartListeningForEvents: [
      { hierarchy: 'org.fac.sys.-.svc', capabilityName: 'Cap', eventName: 'done' },
    ],
    servicesToStopListeningForEvents: [],
  },
  resendInitialMessagesOnSecondaryStartup: true,
  terminateAfterInitialMessages: false,
  system: 'sys',
  facility: 'fac',
  organization: 'org',
};

describe('loadClientConfig', () => {
  it('loads a configuration of the Python SDK and leaves payloads as they are', async () => {
    expect(await loadClientConfig(pythonConfig, { env })).toEqual(clientConfig);
  });

  it('loads camelCase, and what it loaded loads again', async () => {
    const once = await loadClientConfig(clientConfig, { env });
    expect(once).toEqual(clientConfig);
    expect(await loadClientConfig(once, { env })).toEqual(clientConfig);
  });

  it('leaves absent fields absent, so that the client applies its own defaults', async () => {
    const config = await loadClientConfig({ brokers: [broker] }, { env });
    expect(Object.keys(config)).toEqual(['brokers', 'dataStores']);
    expect(config.dataStores).toEqual({ minio: [] });
  });

  it('does not change its input', async () => {
    const before = structuredClone(pythonConfig);
    await loadClientConfig(pythonConfig, { env: { INTERSECT_BROKER_HOST: 'other' } });
    expect(pythonConfig).toEqual(before);
  });

  it("reports every problem at once, in the author's own spelling", async () => {
    const { issues } = await failureOf(
      loadClientConfig(
        {
          brokers: [{ ...broker, is_root: 'maybe', heart_beat: 3 }, 'mqtt'],
          data_stores: { minio: [{ username: 'u', port: 'many' }], s3: [] },
          initial_message_event_config: {
            messages_to_send: [{ destination: 'a', content: 'x' }],
            services_to_start_listening_for_events: {},
          },
          sytem: 'sys',
        },
        { env },
      ),
    );
    expect(issues.map(({ path }) => path)).toEqual([
      'brokers[0].heart_beat',
      'brokers[1]',
      'data_stores.s3',
      'initial_message_event_config.messages_to_send[0].content',
      'initial_message_event_config.services_to_start_listening_for_events',
      'sytem',
      'brokers[0].is_root',
      'data_stores.minio[0].password',
      'data_stores.minio[0].port',
    ]);
    expect(issues[0]?.message).toBe(
      'is not a known field; known are protocol, username, password, host, port, vhost, is_root, tls, web_socket_path, proxy, consumer_timeout_ms, max_unacknowledged',
    );
  });

  it('passes over the name of its schema, which is for editors', async () => {
    const $schema = './node_modules/@intersect-sdk/config/schemas/client.schema.json';
    const config = await loadClientConfig({ $schema, brokers: [broker] }, { env });
    expect(Object.keys(config)).toEqual(['brokers', 'dataStores']);
    const { issues } = await failureOf(loadClientConfig({ brokers: [{ ...broker, $schema }] }, { env }));
    expect(issues.map(({ path }) => path)).toEqual(['brokers[0].$schema']);
  });

  it('refuses a field given in both spellings', async () => {
    const { issues } = await failureOf(
      loadClientConfig({ brokers: [broker], data_stores: {}, dataStores: {} }, { env }),
    );
    expect(issues).toEqual([
      { path: 'dataStores', message: 'is given a second time, as data_stores; keep one of the two' },
    ]);
  });

  it.each([[{}], [{ brokers: [] }], [[]], [null]])('refuses %j', async (config) => {
    const { issues } = await failureOf(loadClientConfig(config as object, { env }));
    expect(issues).toContainEqual({ path: 'brokers', message: 'must hold at least one broker' });
  });

  it('prints no secret', async () => {
    const config = await loadClientConfig(pythonConfig, { env });
    expect(JSON.stringify(config)).not.toContain('secret-word');
    expect(inspect(config, { depth: 9 })).not.toContain('secret-word');
  });
});

describe('loadServiceConfig', () => {
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', subsystem: null, service: 'svc' };

  it('loads a configuration of the Python SDK', async () => {
    const config = await loadServiceConfig({ hierarchy, brokers: [broker], status_interval: 30 }, { env });
    expect(config).toEqual({
      hierarchy: { organization: 'org', facility: 'fac', system: 'sys', service: 'svc' },
      brokers: [{ ...broker, host: '127.0.0.1', port: 1883, isRoot: true, tls: false }],
      dataStores: { minio: [] },
      statusInterval: 30,
    });
  });

  it('checks all that needs no wire version, in the spelling of the file', async () => {
    const config = { brokers: [broker], status_interval: '29', maxInFlight: 0 };
    const { issues } = await failureOf(loadServiceConfig(config, { env }));
    expect(issues).toEqual([
      { path: 'hierarchy', message: 'is required' },
      { path: 'status_interval', message: 'must be at least 30' },
      { path: 'maxInFlight', message: 'must be at least 1' },
    ]);
  });

  it('refuses the fields of a client', async () => {
    const { issues } = await failureOf(
      loadServiceConfig({ hierarchy, brokers: [broker], terminate_after_initial_messages: true }, { env }),
    );
    expect(issues.map(({ path }) => path)).toEqual(['terminate_after_initial_messages']);
  });
});

describe('configuration files', () => {
  const yaml = `brokers:
  - protocol: amqp0.9.1
    username: lab
    password: secret-word
    is_root: false
`;

  it.each([
    ['client.json', JSON.stringify(pythonConfig)],
    ['with-bom.json', `\uFEFF${JSON.stringify(pythonConfig)}`],
    ['client.yaml', JSON.stringify(pythonConfig)],
  ])('reads %s', async (name, text) => {
    await using folder = await folderWith({ [name]: text });
    expect(await loadClientConfig(join(folder.path, name), { env })).toEqual(clientConfig);
    expect(await loadClientConfig(pathToFileURL(join(folder.path, name)), { env })).toEqual(clientConfig);
  });

  it('reads YAML', async () => {
    await using folder = await folderWith({ 'client.yml': yaml });
    const { brokers } = await loadClientConfig(join(folder.path, 'client.yml'), { env });
    expect(brokers).toEqual([
      {
        protocol: 'amqp0.9.1',
        username: 'lab',
        password: 'secret-word',
        host: '127.0.0.1',
        port: 5672,
        isRoot: false,
        tls: false,
      },
    ]);
  });

  it.each([
    ['broken.json', '{\n  "password": "secret-word" oops\n}', 'it is not JSON at line 2, column 29'],
    ['short.json', 'secret-word', 'it is not JSON'],
    ['broken.yaml', 'password: "secret-word\nx', 'it is not YAML at line 2, column 2'],
    [
      'laughs.yaml',
      BILLION_LAUGHS,
      'its aliases (*name) at line 2, column 10 stand for nothing, or for more than can be held',
    ],
    [
      'unknown.yaml',
      'a: 1\nb: *secret',
      'its aliases (*name) at line 2, column 4 stand for nothing, or for more than can be held',
    ],
    ['open.yaml', '['.repeat(300_000), 'it has more than 65536 characters, which no configuration needs'],
    ['anchors.yaml', manyAnchors(20_000), 'it has more than 65536 characters, which no configuration needs'],
  ])('says where %s is broken and quotes nothing of it', async (name, text, message) => {
    await using folder = await folderWith({ [name]: text });
    const path = join(folder.path, name);
    const error = await failureOf(loadClientConfig(path, { env }));
    expect(error.issues).toEqual([{ path, message }]);
    expect(inspect(error)).not.toContain('secret-word');
  });

  it.each([
    'mqtt://lab:secret-word@broker',
    '{ "password": "secret-word" }',
    'password:\n  secret-word',
    new URL('mqtt://lab:secret-word@broker'),
  ])('does not take %s for the name of a file, and does not repeat it', async (source) => {
    const error = await failureOf(loadClientConfig(source, { env }));
    expect(error.issues).toEqual([{ path: '', message: expect.stringContaining('the name of a file') }]);
    expect(inspect(error)).not.toContain('secret-word');
  });

  it('says that there is no such file', async () => {
    await using folder = await folderWith({});
    const path = join(folder.path, 'none.json');
    const { issues } = await failureOf(loadClientConfig(path, { env }));
    expect(issues).toEqual([{ path, message: 'there is no such file' }]);
  });

  it('reads certificates from files beside the configuration', async () => {
    const tls = { ca_file: 'ca.pem', cert_file: 'cert.pem', key_file: 'key.pem' };
    await using folder = await folderWith({
      'client.json': JSON.stringify({ brokers: [{ ...broker, tls }] }),
      'ca.pem': 'CA',
      'cert.pem': 'CERT',
      'key.pem': 'KEY',
    });
    const { brokers } = await loadClientConfig(join(folder.path, 'client.json'), { env });
    expect(brokers[0]).toMatchObject({ port: 8883, tls: { ca: 'CA', cert: 'CERT', key: 'KEY' } });
  });

  it('does not repeat a key that is given as the name of its file', async () => {
    const tls = { cert: 'PEM', key_file: '-----BEGIN PRIVATE KEY----- secret-word' };
    const { issues } = await failureOf(loadClientConfig({ brokers: [{ ...broker, tls }] }, { env }));
    expect(issues[0]).toEqual({
      path: 'brokers[0].tls.key_file',
      message: 'must be the name of a file; PEM text goes into key',
    });
    expect(JSON.stringify(issues)).not.toContain('secret-word');
  });

  it('reports certificate files that cannot be read or are given twice', async () => {
    const tls = { ca: 'PEM', ca_file: 'ca.pem', cert_file: 'cert.pem', key_file: 7 };
    const { issues } = await failureOf(loadClientConfig({ brokers: [{ ...broker, tls }] }, { env }));
    expect(issues).toEqual([
      { path: 'brokers[0].tls.ca_file', message: 'is given beside ca; keep one of the two' },
      {
        path: 'brokers[0].tls.cert_file',
        message: 'names a file that cannot be read (ENOENT): cert.pem',
      },
      { path: 'brokers[0].tls.key_file', message: 'must be the name of a file, got number' },
    ]);
  });
});

describe('the environment', () => {
  const variables = {
    INTERSECT_BROKER_PROTOCOL: 'amqp0.9.1',
    INTERSECT_BROKER_HOST: 'broker.example.org',
    INTERSECT_BROKER_PORT: '5673',
    INTERSECT_BROKER_USERNAME: 'someone',
    INTERSECT_BROKER_PASSWORD: 'secret-word',
  };
  const fromEnvironment = {
    protocol: 'amqp0.9.1',
    host: 'broker.example.org',
    port: 5673,
    username: 'someone',
    password: 'secret-word',
  };

  it('makes the broker where the file has none', async () => {
    const { brokers } = await loadClientConfig({}, { env: variables });
    expect(brokers).toEqual([{ ...fromEnvironment, isRoot: true, tls: false }]);
  });

  it('replaces fields of the only broker and keeps its others', async () => {
    const { brokers } = await loadClientConfig(
      { brokers: [{ ...broker, is_root: false }] },
      { env: { INTERSECT_BROKER_HOST: 'other', INTERSECT_BROKER_PASSWORD: '' } },
    );
    expect(brokers[0]).toMatchObject({ ...broker, host: 'other', isRoot: false });
  });

  it('is taken from the process by default', async () => {
    const before = process.env.INTERSECT_BROKER_HOST;
    process.env.INTERSECT_BROKER_HOST = 'from-process';
    try {
      expect((await loadClientConfig({ brokers: [broker] })).brokers[0]?.host).toBe('from-process');
    } finally {
      if (before === undefined) delete process.env.INTERSECT_BROKER_HOST;
      else process.env.INTERSECT_BROKER_HOST = before;
    }
  });

  it('names the variable whose value is wrong', async () => {
    const { issues } = await failureOf(
      loadClientConfig(
        {},
        { env: { ...variables, INTERSECT_BROKER_PORT: 'x', INTERSECT_BROKER_PROTOCOL: 'y' } },
      ),
    );
    expect(issues).toEqual([
      { path: 'INTERSECT_BROKER_PROTOCOL', message: "must be one of 'mqtt5.0', 'amqp0.9.1'" },
      { path: 'INTERSECT_BROKER_PORT', message: 'must be a number, got string' },
    ]);
  });

  it('is refused where several brokers are configured', async () => {
    const { issues } = await failureOf(
      loadClientConfig({ brokers: [broker, broker] }, { env: { INTERSECT_BROKER_HOST: 'other' } }),
    );
    expect(issues).toEqual([
      { path: 'INTERSECT_BROKER_HOST', message: 'sets one broker, but 2 are configured' },
    ]);
  });
});
