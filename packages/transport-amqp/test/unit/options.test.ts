import { inspect } from 'node:util';
import { ConfigError } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { type AmqpOptions, amqpTransport, resolveAmqpOptions } from '../../src/index.js';

const login = { username: 'u', password: 'p' };

function issuesOf(options: unknown): Record<string, string> {
  try {
    resolveAmqpOptions(options as AmqpOptions);
  } catch (error) {
    if (error instanceof ConfigError) {
      return Object.fromEntries(error.issues.map(({ path, message }) => [path, message]));
    }
    throw error;
  }
  return {};
}

describe('resolving', () => {
  test('fills in the defaults and changes nothing in its input', () => {
    const input = Object.freeze({ ...login });
    expect({ ...resolveAmqpOptions(input) }).toEqual({
      hosts: [{ host: '127.0.0.1', port: 5672 }],
      vhost: '/',
      credentials: expect.any(Function),
      tls: undefined,
      heartbeatS: 10,
      connectTimeoutMs: 10_000,
      isRoot: true,
      exchange: 'intersect-messages',
      maxPayloadBytes: 16_777_216,
      connectionName: undefined,
    });
  });

  test.each<{ given: Partial<AmqpOptions>; means: object }>([
    { given: { host: 'broker' }, means: { hosts: [{ host: 'broker', port: 5672 }] } },
    { given: { port: 5000 }, means: { hosts: [{ host: '127.0.0.1', port: 5000 }] } },
    { given: { tls: true }, means: { hosts: [{ host: '127.0.0.1', port: 5671 }], tls: expect.anything() } },
    {
      given: { hosts: ['a', { host: 'b', port: 1 }], tls: {} },
      means: {
        hosts: [
          { host: 'a', port: 5671 },
          { host: 'b', port: 1 },
        ],
      },
    },
    { given: { tls: false }, means: { tls: undefined } },
    {
      given: { tls: { ca: ['a', 'b'], cert: 'c', key: 'k', passphrase: 's', serverName: 'n' } },
      means: { tls: { ca: ['a', 'b'], cert: 'c', key: 'k', passphrase: 's', serverName: 'n' } },
    },
    { given: { vhost: 'lab' }, means: { vhost: 'lab' } },
    { given: { heartbeatS: 3 }, means: { heartbeatS: 3 } },
    { given: { connectTimeoutMs: 1_000 }, means: { connectTimeoutMs: 1_000 } },
    { given: { isRoot: false }, means: { isRoot: false } },
    { given: { exchange: 'e' }, means: { exchange: 'e' } },
    { given: { maxPayloadBytes: 5 }, means: { maxPayloadBytes: 5 } },
    { given: { connectionName: 'me' }, means: { connectionName: 'me' } },
  ])('$given', ({ given, means }) => {
    expect(resolveAmqpOptions({ ...login, ...given })).toMatchObject(means);
  });

  test.each([
    { url: 'amqp://u:p@broker', host: 'broker', port: 5672, vhost: '/', tls: false },
    { url: 'amqp://u:p@broker/', host: 'broker', port: 5672, vhost: '/', tls: false },
    { url: 'amqps://u:p@broker/lab', host: 'broker', port: 5671, vhost: 'lab', tls: true },
    { url: 'amqp://u:p@[::1]:5000/%2Flab%20one', host: '::1', port: 5000, vhost: '/lab one', tls: false },
  ])('$url', ({ url, host, port, vhost, tls }) => {
    const resolved = resolveAmqpOptions({ url });
    expect(resolved).toMatchObject({ hosts: [{ host, port }], vhost });
    expect(resolved.tls !== undefined).toBe(tls);
    expect(resolved.credentials()).toEqual(login);
  });

  test('user name and password of a URL may hold any character, escaped', () => {
    expect(resolveAmqpOptions({ url: 'amqp://a%40b:c%2Fd%3Ae@broker' }).credentials()).toEqual({
      username: 'a@b',
      password: 'c/d:e',
    });
  });

  test('a URL goes with user name and password beside it', () => {
    expect(resolveAmqpOptions({ url: 'amqp://broker', ...login }).credentials()).toEqual(login);
  });

  test('a credentials function is asked each time', async () => {
    let asked = 0;
    const credentials = async () => ({ username: 'u', password: String(++asked) });
    const resolved = resolveAmqpOptions({ credentials });
    expect([await resolved.credentials(), await resolved.credentials()]).toEqual([
      { username: 'u', password: '1' },
      { username: 'u', password: '2' },
    ]);
  });
});

describe('refusing', () => {
  test.each([
    [{ queueType: 'quorum' }, 'queueType'],
    [{ queueType: { requests: 'quorum' } }, 'queueType.requests'],
    [{ queueType: { session: 'quorum', response: 'quorum' } }, 'queueType.response'],
  ])('%j: it would lock the Python SDK out', (options, path) => {
    expect(issuesOf(options)[path]).toMatch(/Python SDK .*406 .*default queue type/s);
  });

  test('a type that is none', () => {
    expect(Object.keys(issuesOf({ queueType: { event: 'stream' } }))).toContain('queueType.event');
  });

  test('lists every problem at once, each with its path', () => {
    const issues = issuesOf({
      username: '',
      host: '',
      port: 70_000,
      hosts: [{ host: 'a', port: 'x' }, { port: 1 }, 3],
      vhost: 'v'.repeat(256),
      tls: { ca: 5, cert: 'c', verify: false },
      heartbeatS: 0,
      connectTimeoutMs: 2 ** 31,
      isRoot: 'yes',
      exchange: '',
      maxPayloadBytes: 1.5,
      connectionName: '',
      heartbeat: 5,
    });
    expect(Object.keys(issues).sort()).toEqual([
      'connectTimeoutMs',
      'connectionName',
      'exchange',
      'heartbeat',
      'heartbeatS',
      'host',
      'hosts[0].port',
      'hosts[1].host',
      'hosts[2]',
      'isRoot',
      'maxPayloadBytes',
      'password',
      'port',
      'tls.ca',
      'tls.key',
      'tls.verify',
      'username',
      'vhost',
    ]);
    expect(issues.heartbeat).toContain('not a known field');
  });

  test.each<{ given: AmqpOptions; path: string; says: string }>([
    { given: {}, path: 'username', says: 'required' },
    { given: { username: 'u' }, path: 'password', says: 'required' },
    { given: { ...login, hosts: [] }, path: 'hosts', says: 'at least one' },
    { given: { ...login, hosts: [{ host: 'a' }], host: 'b' }, path: 'host', says: 'together with hosts' },
    { given: { ...login, host: 'amqp://u:hidden@b' }, path: 'host', says: 'host name or address alone' },
    { given: { ...login, vhost: 'amqp://u:hidden@b/' }, path: 'vhost', says: 'not a URL' },
    { given: { ...login, url: 'amqp://a', tls: true }, path: 'tls', says: 'needs amqps' },
    { given: { url: 'mqtt://u:hidden@a' }, path: 'url', says: '@intersect-sdk/transport-mqtt' },
    { given: { url: 'amqp://u:p@a', host: 'b' }, path: 'host', says: 'together with url' },
    { given: { url: 'amqp://u:p@a', hosts: [{ host: 'b' }] }, path: 'hosts', says: 'together with url' },
    { given: { url: 'amqp://u:p@a/v', vhost: 'w' }, path: 'vhost', says: 'together with url' },
    { given: { url: 'amqp://u:p@a', username: 'x' }, path: 'username', says: 'together with url' },
    {
      given: { url: 'amqp://u:p@a', credentials: () => login },
      path: 'credentials',
      says: 'together with url',
    },
    { given: { ...login, credentials: () => login }, path: 'username', says: 'together with credentials' },
    { given: { ...login, tls: { key: 'k' } }, path: 'tls.cert', says: 'required with key' },
    { given: { ...login, url: 'amqps://a', tls: false }, path: 'tls', says: 'amqps' },
  ])('$path $says', ({ given, path, says }) => {
    expect(issuesOf(given)[path]).toContain(says);
    expect(JSON.stringify(issuesOf(given))).not.toContain('hidden');
  });

  test.each([
    'http://u:hidden@broker',
    'broker:5672',
    'amqp://',
    'amqp://u:hidden@broker?heartbeat=5',
    'amqp://u:hidden@broker/a/b',
    'amqp://u:hidden%@broker',
    'amqp://u:hidden@broker:99999',
  ])('the URL %s, without repeating it', (url) => {
    const issues = issuesOf({ url });
    expect(issues.url).toBeDefined();
    expect(JSON.stringify(issues)).not.toContain('hidden');
  });

  test('options that are no object', () => {
    expect(issuesOf('amqp://broker')['']).toContain('must be an object');
  });

  test('unknown fields of a transport, which takes the fields of reconnecting as well', () => {
    const make = (): unknown =>
      amqpTransport({ ...login, reconnectMinDelayMs: 50, retries: 5 } as unknown as AmqpOptions);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(/^[^:]*: retries: is not a known field/);
    expect(amqpTransport({ ...login, reconnectMinDelayMs: 50 }).state).toEqual({ kind: 'idle' });
  });
});

test.each<[Partial<AmqpOptions>, string]>([
  [{}, 'amqp://127.0.0.1:5672'],
  [{ host: '::1', tls: true }, 'amqps://[::1]:5671'],
  [{ hosts: ['a', 'b'], port: 1 }, 'amqp://a:1,b:1'],
  [{ vhost: 'lab/one' }, 'amqp://127.0.0.1:5672/lab%2Fone'],
])('the transport of %j is called %s', (options, name) => {
  expect(amqpTransport({ ...login, ...options }).name).toBe(name);
});

describe('secrets', () => {
  const secrets = ['s3cret-password', 's3cret-key', 's3cret-passphrase'];
  const resolved = resolveAmqpOptions({
    username: 'u',
    password: 's3cret-password',
    tls: { cert: 'c', key: 's3cret-key', passphrase: 's3cret-passphrase' },
  });

  test.each([
    { how: 'as JSON', shown: JSON.stringify({ nested: [resolved] }) },
    { how: 'inspected', shown: inspect({ nested: [resolved] }, { depth: 10, showHidden: true }) },
    { how: 'in a string', shown: `${resolved}` },
    { how: 'of a transport', shown: inspect(amqpTransport(login), { depth: 10, showHidden: true }) },
  ])('do not show $how', ({ shown }) => {
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  test('other fields do', () => {
    expect(JSON.parse(JSON.stringify(resolved))).toMatchObject({
      exchange: 'intersect-messages',
      credentials: '[redacted]',
      tls: { cert: 'c', key: '[redacted]', passphrase: '[redacted]' },
    });
  });
});
