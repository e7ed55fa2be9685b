// The registry of the ecosystem, shaped as its own program answers: keys, both configurations, its placeholder, and what it refuses.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkBrokerConfig } from '@intersect-sdk/transport/endpoint';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RegistryClient } from '../../src/registry.js';

const KEY = 'a-key-that-nobody-may-read';
let server: Server;
let url: string;
let password: string;
let brokers: unknown;
let asked: string[];

function answer({ url: path = '', headers }: IncomingMessage): {
  readonly status: number;
  readonly json?: unknown;
} {
  asked.push(path);
  const { pathname, searchParams } = new URL(path, 'http://registry');
  if (pathname === '/api/v1/ping') return { status: 204 };
  if (headers.authorization === undefined) return { status: 401, json: { detail: 'Not authenticated' } };
  if (headers.authorization !== KEY) return { status: 403, json: { detail: 'Invalid API key' } };
  const config = { system_name: 'lab', brokers, data_stores: [] };
  if (pathname === '/api/v1/sdk/client_config') {
    return { status: 200, json: { ...config, client_name: 'CLIENT_0b4c' } };
  }
  const name = searchParams.get('service_name') ?? 'in-development';
  if (pathname === '/api/v1/sdk/service_config' && name.length >= 3) return { status: 200, json: config };
  return { status: pathname.endsWith('service_config') ? 422 : 404, json: { detail: [] } };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, json } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(json === undefined ? undefined : JSON.stringify(json));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
  password = 'first';
  brokers = [{ protocol: 'amqp0.9.1', uri: `amqp://stage_user:${password}@broker.lab:5672/%2F`, tls: null }];
});

const newClient = (options: object = {}): RegistryClient =>
  new RegistryClient({ url, apiKey: KEY, ...options });
const codeOf = (asking: Promise<unknown>): Promise<string> => asking.then(String, ({ code }) => code);

describe('an answer', () => {
  test('has the brokers as a service takes them', async () => {
    const config = await newClient().serviceConfig('stage');
    expect(config).toMatchObject({
      systemName: 'lab',
      clientName: undefined,
      placeholders: 0,
      dataStores: [],
    });
    const [broker] = config.brokers;
    expect(broker).toMatchObject({
      protocol: 'amqp0.9.1',
      host: 'broker.lab',
      port: 5672,
      username: 'stage_user',
      password: 'first',
      isRoot: false,
    });
    const issues: [] = [];
    checkBrokerConfig(broker, issues);
    expect(issues).toEqual([]);
    expect(asked).toEqual(['/api/v1/sdk/service_config?service_name=stage']);
  });

  test('gives a client its name, and needs none in development', async () => {
    expect(await newClient().clientConfig()).toMatchObject({ clientName: 'CLIENT_0b4c' });
    expect(await newClient().serviceConfig()).toMatchObject({ systemName: 'lab' });
  });

  test('with a certificate, or by mqtts', async () => {
    brokers = [
      { protocol: 'amqp0.9.1', uri: 'amqps://u:p@broker.lab', tls: '-----BEGIN CERTIFICATE-----' },
      { protocol: 'mqtt5.0', uri: 'mqtts://u:p@broker.lab', tls: null },
    ];
    const { brokers: got } = await newClient().clientConfig();
    expect(got).toMatchObject([
      { protocol: 'amqp0.9.1', tls: { ca: '-----BEGIN CERTIFICATE-----' } },
      { protocol: 'mqtt5.0', tls: true },
    ]);
  });

  test('that does not know its brokers yet says so, and is no error', async () => {
    brokers = [{ protocol: 'amqp0.9.1', uri: 'iwillconstructthislater', tls: null }];
    expect(await newClient().serviceConfig('stage')).toMatchObject({ brokers: [], placeholders: 1 });
    expect(await codeOf(newClient().credentials({ serviceName: 'stage' })())).toBe('CONNECT_REFUSED');
  });

  test('that is none is refused with every problem, and without the password', async () => {
    brokers = [{ uri: 'http://user:secret@broker.lab' }, { protocol: 'mqtt3', username: 'u' }];
    const error = await newClient()
      .clientConfig()
      .catch((thrown: Error) => thrown as Error);
    expect(error).toMatchObject({ code: 'PAYLOAD_INVALID' });
    expect(String(error)).toMatch(/brokers\[0\]\.uri.*brokers\[1\]\.protocol.*brokers\[1\]\.password/);
    expect(String(error)).not.toContain('secret');
  });
});

test('credentials are asked for each connection, so that new ones are used after a refusal', async () => {
  const credentials = newClient().credentials({ serviceName: 'stage' });
  expect(await credentials()).toEqual({ username: 'stage_user', password: 'first' });
  brokers = [{ protocol: 'amqp0.9.1', uri: 'amqp://stage_user:second@broker.lab', tls: null }];
  expect(await credentials()).toEqual({ username: 'stage_user', password: 'second' });
});

describe('what goes wrong', () => {
  test('has a code', async () => {
    await newClient().ping();
    expect(await codeOf(newClient({ apiKey: 'wrong' }).clientConfig())).toBe('AUTH_REFUSED');
    expect(await codeOf(newClient().serviceConfig('no'))).toBe('CONFIG_INVALID');
    expect(await codeOf(newClient({ url: 'http://127.0.0.1:9' }).clientConfig())).toBe('CONNECT_REFUSED');
    expect(await codeOf(newClient().clientConfig({ signal: AbortSignal.abort() }))).toBe('ABORTED');
  });

  test('never shows the key', async () => {
    const error = await newClient({ apiKey: `${KEY}-wrong` })
      .clientConfig()
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain(KEY);
  });

  test('is found before anything is asked', () => {
    expect(() => new RegistryClient({ url: 'amqp://x', apiKey: '' })).toThrow(/url: .*http.*/);
    expect(asked).toEqual([]);
  });
});
