import { ConfigError } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { loadClientConfig, loadServiceConfig } from '../../src/index.js';

const broker = { protocol: 'mqtt5.0', username: 'lab', password: 'secret-word' };
const env = {};

describe('texts that say a number or a flag', () => {
  it.each<[given: object, taken: object]>([
    [{ port: '1883' }, { port: 1883 }],
    [{ port: ' 9001 ' }, { port: 9001 }],
    ...['true', 'True', 'yes', 'Y', 'on', 't', '1', 1].map(
      (word) => [{ is_root: word }, { isRoot: true }] as [object, object],
    ),
    ...['false', 'NO', 'n', 'off', 'f', '0', 0].map(
      (word) => [{ is_root: word }, { isRoot: false }] as [object, object],
    ),
    [{ tls: 'yes' }, { tls: true, port: 8883 }],
  ])('%j of a broker is taken as the Python SDK takes it', async (given, taken) => {
    const { brokers } = await loadClientConfig({ brokers: [{ ...broker, ...given }] }, { env });
    expect(brokers[0]).toMatchObject(taken);
  });

  it('are taken for options of clients, services and data stores, and left alone where texts are meant', async () => {
    const client = await loadClientConfig(
      {
        brokers: [{ ...broker, password: '1234' }],
        data_stores: { minio: [{ username: '1', password: 'yes', port: '9000' }] },
        request_timeout_ms: '1500.5',
        terminate_after_initial_messages: 'yes',
        initial_message_event_config: {
          messages_to_send: [{ destination: 'a.b', operation: 'a.b', payload: { port: '1', flag: 'yes' } }],
        },
      },
      { env },
    );
    expect(client).toMatchObject({
      brokers: [{ password: '1234' }],
      dataStores: { minio: [{ username: '1', password: 'yes', port: 9000 }] },
      requestTimeoutMs: 1500.5,
      terminateAfterInitialMessages: true,
      initialMessageEventConfig: { messagesToSend: [{ payload: { port: '1', flag: 'yes' } }] },
    });
    const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'svc' };
    const service = await loadServiceConfig(
      { hierarchy, brokers: [broker], statusInterval: '30', concurrency: '4' },
      { env },
    );
    expect(service).toMatchObject({ statusInterval: 30, concurrency: 4 });
  });

  it.each([
    [{ brokers: [{ ...broker, port: 'x' }] }, 'brokers[0].port', 'must be a number, got string'],
    [{ brokers: [{ ...broker, port: '' }] }, 'brokers[0].port', 'must be a number, got string'],
    [{ brokers: [{ ...broker, port: '0x1' }] }, 'brokers[0].port', 'must be a number, got string'],
    [{ brokers: [{ ...broker, port: '1.5' }] }, 'brokers[0].port', 'must be a whole number'],
    [{ brokers: [{ ...broker, is_root: 2 }] }, 'brokers[0].is_root', 'must be true or false, got number'],
    [{ brokers: [{ ...broker, password: 1234 }] }, 'brokers[0].password', 'must be a string, got number'],
    [{ brokers: [broker], request_timeout_ms: '0' }, 'request_timeout_ms', 'must be at least 1'],
    [
      { brokers: [broker], request_timeout: 5 },
      'request_timeout',
      'is not a known field; did you mean request_timeout_ms?',
    ],
    [
      { brokers: [broker], logger: {} },
      'logger',
      'is not a known field, and is like none of the 19 that are known',
    ],
  ])('%j is refused', async (config, path, message) => {
    const loading = loadClientConfig(config, { env });
    await expect(loading).rejects.toBeInstanceOf(ConfigError);
    await expect(loading).rejects.toMatchObject({ issues: [{ path, message }] });
  });
});
