import { inspect } from 'node:util';
import { ConfigError } from '@intersect-sdk/core';
import { shareTransport } from '@intersect-sdk/transport';
import { describe, expect, test } from 'vitest';
import { type MqttOptions, mqttTransport, resolveMqttOptions } from '../../src/index.js';

function issuesOf(options: object): Record<string, string> {
  try {
    mqttTransport(options);
  } catch (error) {
    if (error instanceof ConfigError) {
      return Object.fromEntries(error.issues.map(({ path, message }) => [path, message]));
    }
    throw error;
  }
  return {};
}

describe('what the options mean', () => {
  test('nothing given is the broker of this machine, without credentials', async () => {
    const resolved = resolveMqttOptions({});
    expect({ ...resolved, credentials: await resolved.credentials() }).toEqual({
      ownPackets: true,
      protocol: 'mqtt',
      hosts: [{ host: '127.0.0.1', port: 1883 }],
      webSocketPath: undefined,
      credentials: { username: undefined, password: undefined },
      tls: undefined,
      proxy: undefined,
      connectTimeoutMs: 10_000,
      keepAliveS: 30,
      maxInFlight: 500,
      receiveMaximum: 100,
      maxQueuedMessages: 10_000,
      maxPacketSizeBytes: undefined,
      clientIdPrefix: '',
      unclaimedGraceMs: 10_000,
      timerVariant: 'auto',
    });
  });

  test.each<[string, MqttOptions, object]>([
    ['host and port', { host: 'b', port: 7 }, { hosts: [{ host: 'b', port: 7 }] }],
    ['TLS', { tls: true }, { protocol: 'mqtts', hosts: [{ host: '127.0.0.1', port: 8883 }] }],
    ['no TLS', { tls: false }, { protocol: 'mqtt', tls: undefined }],
    [
      'a WebSocket path',
      { webSocketPath: '/x' },
      { protocol: 'ws', webSocketPath: '/x', hosts: [{ host: '127.0.0.1', port: 15675 }] },
    ],
    ['a WebSocket path with TLS', { webSocketPath: '/x', tls: true }, { protocol: 'wss' }],
    ['protocol ws', { protocol: 'ws' }, { protocol: 'ws', webSocketPath: '/ws' }],
    ['protocol mqtts', { protocol: 'mqtts' }, { protocol: 'mqtts', tls: { ca: undefined } }],
    [
      'several hosts',
      { hosts: ['a', { host: 'b', port: 2 }, { host: 'c' }], port: 5 },
      {
        hosts: [
          { host: 'a', port: 5 },
          { host: 'b', port: 2 },
          { host: 'c', port: 5 },
        ],
      },
    ],
    ['an IPv6 host', { host: '::1' }, { hosts: [{ host: '::1', port: 1883 }] }],
    ['a URL', { url: 'mqtt://b:7' }, { protocol: 'mqtt', hosts: [{ host: 'b', port: 7 }] }],
    ['a URL without a port', { url: 'mqtts://b' }, { hosts: [{ host: 'b', port: 8883 }] }],
    ['a URL with IPv6', { url: 'mqtt://[::1]:7' }, { hosts: [{ host: '::1', port: 7 }] }],
    [
      'a WebSocket URL',
      { url: 'ws://b/ws?a=1' },
      { protocol: 'ws', webSocketPath: '/ws?a=1', hosts: [{ host: 'b', port: 80 }] },
    ],
    [
      'a secure WebSocket URL',
      { url: 'wss://b/' },
      { webSocketPath: '/', hosts: [{ host: 'b', port: 443 }] },
    ],
  ])('%s', (_, options, expected) => {
    expect(resolveMqttOptions(options)).toMatchObject(expected);
  });

  test('a URL can hold the credentials, percent-encoded', async () => {
    const { credentials, hosts } = resolveMqttOptions({ url: 'mqtt://me%40lab:p%2Fw@b' });
    expect(await credentials()).toEqual({ username: 'me@lab', password: 'p/w' });
    expect(hosts).toEqual([{ host: 'b', port: 1883 }]);
  });

  test('the input is not changed', () => {
    const input = Object.freeze({ url: 'mqtt://b', tls: undefined, keepAliveS: 5 });
    expect(resolveMqttOptions(input).keepAliveS).toBe(5);
  });
});

describe('what the options refuse', () => {
  test('all problems come at once, those of the supervisor included', () => {
    expect(
      issuesOf({
        port: 0,
        keepAliveS: 0.5,
        maxInFlight: '3',
        timerVariant: 'sundial',
        reconnectMinDelayMs: -1,
        rejectUnauthorized: false,
        tls: { rejectUnauthorized: false, cert: 'PEM' },
        clientIdPrefix: 'a b',
      }),
    ).toMatchObject({
      port: 'must be at least 1',
      keepAliveS: 'must be a whole number',
      maxInFlight: 'must be a number, got string',
      timerVariant: "must be one of 'auto', 'worker', 'native'",
      reconnectMinDelayMs: 'must be at least 1',
      rejectUnauthorized: expect.stringContaining('is not a known field'),
      'tls.rejectUnauthorized': expect.stringContaining('is not a known field'),
      'tls.key': 'is required with cert',
      clientIdPrefix: expect.stringContaining('letters, digits'),
    });
  });

  test.each<[string, object, string]>([
    ['a host with a port in it', { host: 'b:1883' }, 'host'],
    ['a host with a protocol', { host: 'mqtt://u:never-show-this@b' }, 'host'],
    ['a WebSocket path with a fragment', { webSocketPath: '/ws#x' }, 'webSocketPath'],
    ['host beside url', { url: 'mqtt://b', host: 'c' }, 'host'],
    ['host beside hosts', { host: 'b', hosts: ['c'] }, 'host'],
    ['no hosts', { hosts: [] }, 'hosts'],
    ['a host without a name', { hosts: [{ port: 1 }] }, 'hosts[0].host'],
    ['an unknown field of a host', { hosts: [{ host: 'b', weight: 1 }] }, 'hosts[0].weight'],
    ['an unknown protocol', { protocol: 'http' }, 'protocol'],
    ['TLS with protocol mqtt', { protocol: 'mqtt', tls: true }, 'tls'],
    ['no TLS with protocol wss', { protocol: 'wss', tls: false }, 'tls'],
    ['TLS with an mqtt URL', { url: 'mqtt://b', tls: {} }, 'tls'],
    ['a WebSocket path with protocol mqtt', { protocol: 'mqtt', webSocketPath: '/ws' }, 'webSocketPath'],
    ['a WebSocket path without a slash', { webSocketPath: 'ws' }, 'webSocketPath'],
    ['a URL of another protocol', { url: 'amqp://b' }, 'url'],
    ['a URL with a path', { url: 'mqtt://b/vhost' }, 'url'],
    ['a URL with a fragment', { url: 'ws://b/ws#x' }, 'url'],
    ['a URL that is none', { url: 'b:1883' }, 'url'],
    ['a URL with a broken escape', { url: 'mqtt://%zz:p@b' }, 'url'],
    ['a password in the URL and beside it', { url: 'mqtt://u:p@b', password: 'q' }, 'password'],
    ['a user name beside credentials', { username: 'u', credentials: () => ({}) }, 'username'],
    ['credentials that are no function', { credentials: { username: 'u' } }, 'credentials'],
    ['an empty user name', { username: '' }, 'username'],
    ['an empty certificate', { tls: { ca: '' } }, 'tls.ca'],
    ['a list of authorities with something else', { tls: { ca: ['PEM', 3] } }, 'tls.ca'],
    ['a key without its certificate', { tls: { key: 'PEM' } }, 'tls.cert'],
    ['a packet size that no message fits', { maxPacketSizeBytes: 10 }, 'maxPacketSizeBytes'],
    ['options that are no object', 'mqtt://b' as never, ''],
  ])('%s', (_, options, path) => {
    expect(Object.keys(issuesOf(options))).toContain(path);
  });

  test('no problem shows what is secret', () => {
    const secrets = { username: 'u', password: 'never-show-this', credentials: () => ({}) };
    for (const options of [
      { url: 'amqp://u:never-show-this@b' },
      { host: 'mqtt://u:never-show-this@b' },
      { hosts: ['u:never-show-this@b'] },
      { ...secrets, port: 0 },
    ]) {
      expect(JSON.stringify(issuesOf(options))).not.toContain('never-show-this');
    }
  });
});

test('a URL of another broker names the package for it', () => {
  expect(issuesOf({ url: 'amqps://b' }).url).toContain('@intersect-sdk/transport-amqp');
});

test.each<[MqttOptions, string]>([
  [{}, 'mqtt://127.0.0.1:1883'],
  [{ host: '::1', tls: true }, 'mqtts://[::1]:8883'],
  [{ hosts: ['a', { host: 'b', port: 2 }] }, 'mqtt://a:1883,b:2'],
  [{ url: 'ws://u:p@b/ws?token=t' }, 'ws://b:80/ws'],
])('the transport of %j is called %s', (options, name) => {
  expect(mqttTransport(options).name).toBe(name);
});

test('resolved options print without their secrets', () => {
  const options = resolveMqttOptions({
    protocol: 'wss',
    webSocketPath: '/ws?token=never-show-this',
    username: 'u',
    password: 'never-show-this',
    tls: { cert: 'shown', key: 'never-show-this', passphrase: 'never-show-this' },
  });
  for (const printed of [
    JSON.stringify(options),
    inspect(options, { depth: 9 }),
    `${{ ...options }.tls?.cert}`,
  ]) {
    expect(printed).not.toContain('never-show-this');
  }
  expect(JSON.parse(JSON.stringify(options))).toMatchObject({
    credentials: '[redacted]',
    tls: { cert: 'shown', key: '[redacted]', passphrase: '[redacted]' },
  });
});

test('its connection is not shared, and the refusal says why', () => {
  expect(() => shareTransport(mqttTransport())).toThrowError(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('over MQTT a session belongs to one address'),
    }),
  );
});
