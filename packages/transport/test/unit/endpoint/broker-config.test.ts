import { inspect } from 'node:util';
import type { Issue } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { brokerFieldsOf, checkBrokerConfig } from '../../../src/endpoint.js';

const login = { username: 'lab', password: 'secret-word' };

function issuesOf(input: unknown): readonly Issue[] {
  const issues: Issue[] = [];
  checkBrokerConfig(input, issues, 'brokers[0]');
  return issues;
}

describe('checkBrokerConfig', () => {
  it.each([
    [{ protocol: 'mqtt5.0' }, 1883],
    [{ protocol: 'mqtt5.0', tls: true }, 8883],
    [{ protocol: 'mqtt5.0', webSocketPath: '/ws' }, 15675],
    [{ protocol: 'amqp0.9.1' }, 5672],
    [{ protocol: 'amqp0.9.1', tls: { ca: 'PEM' } }, 5671],
    [{ protocol: 'amqp0.9.1', port: 65535 }, 65535],
  ])('fills in the port for %j', (given, port) => {
    const issues: Issue[] = [];
    const config = checkBrokerConfig({ ...login, ...given }, issues);
    expect(issues).toEqual([]);
    expect(config).toMatchObject({ ...login, ...given, host: '127.0.0.1', port, isRoot: true });
  });

  it('reports every problem at once, with its path', () => {
    expect(
      issuesOf({
        protocol: 'mqtt3',
        username: '',
        host: 'http://broker',
        port: 0,
        isRoot: 'yes',
        pasword: 'x',
      }),
    ).toEqual([
      { path: 'brokers[0].protocol', message: "must be one of 'mqtt5.0', 'amqp0.9.1'" },
      { path: 'brokers[0].username', message: 'must not be empty' },
      { path: 'brokers[0].password', message: 'is required' },
      {
        path: 'brokers[0].host',
        message: 'must be a host name or address alone, without protocol and port',
      },
      { path: 'brokers[0].port', message: 'must be at least 1' },
      { path: 'brokers[0].isRoot', message: 'must be true or false, got string' },
      {
        path: 'brokers[0].pasword',
        message: expect.stringContaining('is not a known field; did you mean'),
      },
    ]);
  });

  it.each(['5672', 65536, 1.5, Number.NaN])('refuses the port %j', (port) => {
    expect(issuesOf({ ...login, protocol: 'mqtt5.0', port }).map(({ path }) => path)).toEqual([
      'brokers[0].port',
    ]);
  });

  it.each(['broker.example.org', '127.0.0.1', '::1', 'fe80::1', 'rabbit_mq'])(
    'accepts the host %s',
    (host) => {
      expect(issuesOf({ ...login, protocol: 'mqtt5.0', host })).toEqual([]);
    },
  );

  it.each(['', 'broker:1883', '127.0.0.1:1883', 'mqtt://broker', 'user@broker', 'a b'])(
    'refuses the host "%s"',
    (host) => {
      expect(issuesOf({ ...login, protocol: 'mqtt5.0', host }).map(({ path }) => path)).toEqual([
        'brokers[0].host',
      ]);
    },
  );

  it('takes a virtual host for AMQP, and says how MQTT has it', () => {
    const issues: Issue[] = [];
    expect(checkBrokerConfig({ ...login, protocol: 'amqp0.9.1', vhost: '/lab' }, issues)).toMatchObject({
      vhost: '/lab',
    });
    expect(issues).toEqual([]);
    expect(issuesOf({ ...login, protocol: 'mqtt5.0', vhost: 'lab' })).toEqual([
      { path: 'brokers[0].vhost', message: expect.stringContaining("as 'vhost:user'") },
    ]);
  });

  it.each([
    ['consumerTimeoutMs', 'amqp0.9.1', 'mqtt5.0'],
    ['maxUnacknowledged', 'mqtt5.0', 'amqp0.9.1'],
  ])('takes %s, what the broker is set to, for %s', (field, protocol, other) => {
    const issues: Issue[] = [];
    expect(checkBrokerConfig({ ...login, protocol, [field]: 20_000 }, issues)).toMatchObject({
      [field]: 20_000,
    });
    expect(issues).toEqual([]);
    expect(issuesOf({ ...login, protocol: other, [field]: 20_000 })).toEqual([
      { path: `brokers[0].${field}`, message: expect.stringContaining(`is for ${protocol} only`) },
    ]);
  });

  it('takes a proxy for MQTT, and says what AMQP has instead', () => {
    const proxy = 'http://lab:secret-word@proxy.lab:3128';
    const issues: Issue[] = [];
    const config = checkBrokerConfig({ ...login, protocol: 'mqtt5.0', proxy }, issues);
    expect(issues).toEqual([]);
    expect(config).toMatchObject({ proxy });
    for (const printed of [JSON.stringify(config), inspect(config)]) {
      expect(printed).toContain('http://proxy.lab:3128');
      expect(printed).not.toContain('secret-word');
    }
    expect(issuesOf({ ...login, protocol: 'amqp0.9.1', proxy })).toEqual([
      {
        path: 'brokers[0].proxy',
        message: expect.stringMatching(/^is for mqtt5\.0 only; .* local tunnel .*ssh -L .* tls\.serverName$/),
      },
    ]);
  });

  it.each([
    ['proxy.lab:3128', 'must look like http://proxy.lab:3128'],
    ['socks5h://lab:secret-word@proxy.lab', 'is a SOCKS proxy'],
    ['http://lab:secret-word@', 'must look like'],
    ['http://lab:secret-word@proxy.lab/path', 'must end after the port'],
  ])('refuses the proxy %s without repeating it', (proxy, says) => {
    const [issue, ...others] = issuesOf({ ...login, protocol: 'mqtt5.0', proxy });
    expect(issue).toEqual({ path: 'brokers[0].proxy', message: expect.stringContaining(says) });
    expect(issue?.message).not.toContain('secret-word');
    expect(others).toEqual([]);
    expect(JSON.stringify(checkBrokerConfig({ ...login, protocol: 'mqtt5.0', proxy }, []))).not.toContain(
      'secret-word@',
    );
  });

  it('refuses a WebSocket path for AMQP and half a client certificate', () => {
    expect(
      issuesOf({ ...login, protocol: 'amqp0.9.1', webSocketPath: '/ws', tls: { cert: 'PEM', port: 1 } }),
    ).toEqual([
      { path: 'brokers[0].tls.key', message: 'is required with cert' },
      { path: 'brokers[0].tls.port', message: expect.stringContaining('is not a known field') },
      { path: 'brokers[0].webSocketPath', message: 'is for mqtt5.0 only' },
    ]);
  });

  it.each([null, [], 'mqtt://broker', undefined])('refuses %j as a broker', (input) => {
    expect(issuesOf(input)).toContainEqual({
      path: 'brokers[0]',
      message: expect.stringContaining('must be an object'),
    });
  });

  it('takes certificates as bytes and authorities as a list', () => {
    const tls = { ca: ['PEM', 'PEM'], cert: new Uint8Array([1]), key: new Uint8Array([2]) };
    expect(issuesOf({ ...login, protocol: 'mqtt5.0', tls })).toEqual([]);
  });

  it('prints neither the password nor the private key, at any depth', () => {
    const config = checkBrokerConfig(
      {
        ...login,
        protocol: 'amqp0.9.1',
        tls: { cert: 'PEM', key: 'secret-word', passphrase: 'secret-word' },
      },
      [],
    );
    const printed = [JSON.stringify({ brokers: [config] }), inspect({ brokers: [config] }, { depth: 9 })];
    for (const text of printed) {
      expect(text).not.toContain('secret-word');
      expect(text).toContain('[redacted]');
    }
    expect(config.password).toBe('secret-word');
    const overWebSocket = { ...login, protocol: 'mqtt5.0', webSocketPath: '/ws?token=secret-word' };
    expect(JSON.stringify(checkBrokerConfig(overWebSocket, []))).not.toContain('secret-word');
    expect(config.tls).toMatchObject({ key: 'secret-word' });
  });
});

describe('brokerFieldsOf', () => {
  it.each([
    [
      'mqtt://lab:p%40w@h',
      { protocol: 'mqtt5.0', tls: false, host: 'h', port: 1883, username: 'lab', password: 'p@w' },
    ],
    ['amqps://h:1/', { protocol: 'amqp0.9.1', tls: true, host: 'h', port: 1 }],
    ['amqp://h/lab', { protocol: 'amqp0.9.1', tls: false, host: 'h', port: 5672, vhost: 'lab' }],
    ['amqp://h/%2Flab', { protocol: 'amqp0.9.1', tls: false, host: 'h', port: 5672, vhost: '/lab' }],
    ['mqtt://[::1]:1', { protocol: 'mqtt5.0', tls: false, host: '::1', port: 1 }],
    [
      'mqtt://lab%3Auser:%2F%3F%23%5B%40%25%20%C3%A4:@h',
      { protocol: 'mqtt5.0', tls: false, host: 'h', port: 1883, username: 'lab:user', password: '/?#[@% ä:' },
    ],
    ['wss://h', { protocol: 'mqtt5.0', tls: true, host: 'h', port: 443, webSocketPath: '/ws' }],
    ['ws://h:2/', { protocol: 'mqtt5.0', tls: false, host: 'h', port: 2, webSocketPath: '/' }],
  ])('%s', (url, fields) => {
    const refused: string[] = [];
    expect(brokerFieldsOf(url, (message) => refused.push(message))).toEqual(fields);
    expect(refused).toEqual([]);
  });

  it.each(['amqp://h/a/b', 'http://h', 'mqtt://u:1/secret-word@h'])('refuses %s', (url) => {
    const refused: string[] = [];
    brokerFieldsOf(url, (message) => refused.push(message));
    expect(refused).toHaveLength(1);
    expect(refused[0]).not.toContain('secret-word');
  });
});
