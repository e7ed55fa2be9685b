import { loadClientConfig } from '@intersect-sdk/config';
import { checkBrokerConfig } from '@intersect-sdk/transport/endpoint';
import { amqpTransport } from '@intersect-sdk/transport-amqp';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { describe, expect, test } from 'vitest';

const WRONG = ['amqp://user:SECRET@broker', 'user:SECRET@broker:1883', 'SECRET words, and:more'];

const FIELDS = {
  mqtt: [
    ...[
      'url',
      'host',
      'hosts',
      'port',
      'protocol',
      'webSocketPath',
      'tls',
      'tls.ca',
      'tls.cert',
      'tls.serverName',
    ],
    ...['keepAliveS', 'clientIdPrefix', 'timerVariant', 'credentials', 'maxInFlight', 'logger'],
  ],
  amqp: [
    'url',
    'host',
    'hosts',
    'port',
    'vhost',
    'exchange',
    'isRoot',
    'tls',
    'tls.ca',
    'heartbeatS',
    'credentials',
  ],
  broker: ['protocol', 'host', 'port', 'vhost', 'isRoot', 'tls', 'webSocketPath'],
};

function withField(field: string, value: unknown): object {
  const [name = '', inner] = field.split('.');
  return { [name]: inner ? { [inner]: value, ...(inner === 'cert' && { key: value }) } : value };
}

/** All that an error says, its causes included. */
function said(make: () => unknown): string {
  try {
    make();
    return '';
  } catch (error) {
    return `${error} ${JSON.stringify(error)} ${JSON.stringify((error as { issues?: unknown }).issues)}`;
  }
}

describe.each(WRONG)('a text of a configuration in the wrong place: %s', (text) => {
  test.each(FIELDS.mqtt)('MQTT: as %s', (field) => {
    expect(said(() => mqttTransport(withField(field, text)))).not.toContain('SECRET');
  });

  test.each(FIELDS.amqp)('AMQP: as %s', (field) => {
    const login = { username: 'u', password: 'p' };
    expect(said(() => amqpTransport({ ...login, ...withField(field, text) } as never))).not.toContain(
      'SECRET',
    );
  });

  test.each(FIELDS.broker)('plain configuration: as %s', (field) => {
    const issues: object[] = [];
    checkBrokerConfig(
      { protocol: 'mqtt5.0', username: 'u', password: 'p', ...withField(field, text) },
      issues as never,
    );
    expect(JSON.stringify(issues)).not.toContain('SECRET');
  });

  test('as the name of a field', () => {
    expect(said(() => mqttTransport({ [text]: true } as never))).not.toContain('SECRET');
    expect(said(() => mqttTransport({ tls: { [text]: true } } as never))).not.toContain('SECRET');
    expect(said(() => amqpTransport({ username: 'u', password: 'p', [text]: 1 } as never))).not.toContain(
      'SECRET',
    );
  });

  test('in a file, as the name of a field and as a whole broker', async () => {
    for (const brokers of [[text], text, [{ [text]: null }], { [text]: 1 }]) {
      const error = await loadClientConfig({ brokers } as never, { env: {} }).catch(
        (thrown: unknown) => thrown,
      );
      expect(`${error} ${JSON.stringify(error)}`).not.toContain('SECRET');
    }
  });

  test('in the environment', async () => {
    const env = { INTERSECT_BROKER_URL: text, INTERSECT_BROKER_HOST: text, INTERSECT_BROKER_PORT: text };
    const error = await loadClientConfig({} as never, { env }).catch((thrown: unknown) => thrown);
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('SECRET');
  });
});
