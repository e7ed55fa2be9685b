import { inspect } from 'node:util';
import { IntersectClient } from '@intersect-sdk/client';
import { ConfigError, type Issue, isAddress } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { ADDRESS } from './fake-service.js';

const brokers = [memoryTransport(new MemoryBroker())];
const message = { destination: ADDRESS, operation: 'Fake.echo', payload: 1 };
const event = { hierarchy: ADDRESS, capabilityName: 'Fake', eventName: 'tick' };
const ignore = (): void => {};

function issuesOf(config: unknown, userCallback?: unknown, eventCallback?: unknown): readonly Issue[] {
  try {
    new IntersectClient(config as never, userCallback as never, eventCallback as never);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).code).toBe('CONFIG_INVALID');
    return (error as ConfigError).issues;
  }
  return [];
}

const pathsOf = (...args: Parameters<typeof issuesOf>): string[] => issuesOf(...args).map(({ path }) => path);

describe('what a client can be made from', () => {
  test('brokers alone, without callbacks and initial messages', () => {
    expect(issuesOf({ brokers })).toEqual([]);
  });

  test('a plain broker configuration, without connecting to it', () => {
    const broker = { protocol: 'mqtt5.0', username: 'u', password: 'p', host: 'nowhere.invalid' };
    expect(issuesOf({ brokers: [broker] })).toEqual([]);
  });

  test('callbacks with a first message or event', () => {
    expect(issuesOf({ brokers, initialMessageEventConfig: { messagesToSend: [message] } }, ignore)).toEqual(
      [],
    );
    const listening = { brokers, initialMessageEventConfig: { servicesToStartListeningForEvents: [event] } };
    expect(issuesOf(listening, undefined, ignore)).toEqual([]);
    expect(issuesOf(listening, ignore, ignore)).toEqual([]);
  });

  test('no callback and no answer wanted when it terminates after its initial messages', () => {
    const config = { brokers, terminateAfterInitialMessages: true };
    expect(issuesOf(config)).toEqual([]);
    expect(issuesOf(config, ignore)).toEqual([]);
    expect(issuesOf({ ...config, initialMessageEventConfig: { messagesToSend: [message] } })).toEqual([]);
  });

  test('every field that is known', () => {
    const config = {
      brokers,
      dataStores: { minio: [{ username: 'u', password: 'p' }] },
      initialMessageEventConfig: { messagesToSend: [message], servicesToStopListeningForEvents: [event] },
      resendInitialMessagesOnSecondaryStartup: true,
      terminateAfterInitialMessages: false,
      system: 'sys',
      facility: 'fac',
      organization: 'org',
      requestTimeoutMs: 1,
      keepSessionMs: 1,
      shutdownTimeoutMs: 1,
      logger: console,
      onReport: ignore,
    };
    expect(issuesOf(config, ignore, ignore)).toEqual([]);
  });
});

describe('what it refuses', () => {
  test.each([
    ['no configuration', undefined, ['']],
    ['no brokers', {}, ['brokers']],
    ['an empty list of brokers', { brokers: [] }, ['brokers']],
    ['brokers that are no list', { brokers: brokers[0] }, ['brokers']],
    ['a broker that is nothing', { brokers: [null] }, ['brokers[0]']],
    ['a misspelt field', { brokers, broker: [] }, ['broker']],
    ['a name of the Python SDK', { brokers, data_stores: {} }, ['data_stores']],
    ['data stores that are none', { brokers, dataStores: 'minio' }, ['dataStores']],
    [
      'a data store without its methods',
      { brokers, dataStores: [{ url: 'http://store' }] },
      ['put', 'get', 'delete'].map((name) => `dataStores[0].${name}`),
    ],
    [
      'a data store of a file without a password',
      { brokers, dataStores: { minio: [{ username: 'u' }] } },
      ['dataStores.minio[0].password'],
    ],
    ['an organization in capitals', { brokers, organization: 'ORNL' }, ['organization']],
    ['a facility that is too short', { brokers, facility: 'ab' }, ['facility']],
    ['a system that is no text', { brokers, system: 7 }, ['system']],
    [
      'a flag that is no flag',
      { brokers, terminateAfterInitialMessages: 'yes' },
      ['terminateAfterInitialMessages'],
    ],
    [
      'a resend flag that is no flag',
      { brokers, resendInitialMessagesOnSecondaryStartup: 1 },
      ['resendInitialMessagesOnSecondaryStartup'],
    ],
    ['a timeout of 0', { brokers, requestTimeoutMs: 0 }, ['requestTimeoutMs']],
    [
      'a timeout beyond what timers can count',
      { brokers, requestTimeoutMs: Number.POSITIVE_INFINITY },
      ['requestTimeoutMs'],
    ],
    ['a session that is not kept', { brokers, keepSessionMs: -1 }, ['keepSessionMs']],
    ['a shutdown timeout in words', { brokers, shutdownTimeoutMs: '10s' }, ['shutdownTimeoutMs']],
    [
      "a logger that can't log",
      { brokers, logger: { info: ignore } },
      ['logger.debug', 'logger.warn', 'logger.error'],
    ],
    ['a report listener that is no function', { brokers, onReport: {} }, ['onReport']],
    [
      'an initial configuration that is no object',
      { brokers, initialMessageEventConfig: [] },
      ['initialMessageEventConfig'],
    ],
    [
      'a message list that is none',
      { brokers, initialMessageEventConfig: { messagesToSend: message } },
      ['initialMessageEventConfig.messagesToSend'],
    ],
  ])('%s', (_, config, paths) => {
    expect(pathsOf(config)).toEqual(paths);
  });

  test('callbacks that are no functions, both at once', () => {
    expect(pathsOf({ brokers }, 'call me', {})).toEqual(['userCallback', 'eventCallback']);
  });

  test('callbacks that nothing can ever call', () => {
    expect(pathsOf({ brokers }, ignore)).toEqual(['initialMessageEventConfig']);
    expect(pathsOf({ brokers }, undefined, ignore)).toEqual(['initialMessageEventConfig']);
  });

  test('first messages without a callback for the answers, events without a callback for events', () => {
    const initialMessageEventConfig = {
      messagesToSend: [message],
      servicesToStartListeningForEvents: [event],
    };
    const issues = issuesOf({ brokers, initialMessageEventConfig });
    expect(issues.map(({ path }) => path)).toEqual([
      'initialMessageEventConfig.messagesToSend',
      'initialMessageEventConfig.servicesToStartListeningForEvents',
    ]);
    expect(issues[0]?.message).toContain('client.request()');
    expect(issues[1]?.message).toContain('client.events()');
  });

  test('every wrong field of messages and events, by its path', () => {
    const initialMessageEventConfig = {
      messagesToSend: [
        { destination: 'Not An Address', operation: 'echo', contentType: 'json', dataHandler: 'S3' },
        {
          destination: ADDRESS,
          operation: 'Fake.echo',
          payload: { list: [() => 1, Number.NaN] },
          timeout: 3,
        },
        { ...message, dataHandler: 'MINIO' },
      ],
      servicesToStartListeningForEvents: [{ hierarchy: 'x', capabilityName: 'no-hyphens', eventName: '' }],
      servicesToStopListeningForEvents: ['all'],
      messages: [],
    };
    expect(pathsOf({ brokers, initialMessageEventConfig }, ignore, ignore)).toEqual(
      [
        'messagesToSend[0].dataHandler',
        'messagesToSend[0].destination',
        'messagesToSend[0].operation',
        'messagesToSend[0].contentType',
        'messagesToSend[1].timeout',
        'messagesToSend[1].payload.list[0]',
        'messagesToSend[1].payload.list[1]',
        'messagesToSend[2].dataHandler',
        'servicesToStartListeningForEvents[0].eventName',
        'servicesToStartListeningForEvents[0].hierarchy',
        'servicesToStartListeningForEvents[0].capabilityName',
        'servicesToStopListeningForEvents[0]',
        'messages',
      ].map((path) => `initialMessageEventConfig.${path}`),
    );
  });

  test('problems of several parts, all in one sentence that names each', () => {
    const config = { brokers: [{ protocol: 'amqp', username: '', port: 0 }], system: 'X', speed: 'fast' };
    const issues = issuesOf(config, 3);
    expect(issues.map(({ path }) => path)).toEqual([
      'brokers[0].protocol',
      'brokers[0].username',
      'brokers[0].password',
      'brokers[0].port',
      'system',
      'userCallback',
      'speed',
    ]);
    try {
      new IntersectClient(config as never);
    } catch (error) {
      for (const { path } of issues.filter((each) => each.path !== 'userCallback'))
        expect((error as Error).message).toContain(path);
    }
  });
});

describe('what it shows of itself', () => {
  test('an address of its own for each client, below the given parts', () => {
    const [one, two] = [1, 2].map(() => new IntersectClient({ brokers, organization: 'org', system: 'sys' }));
    expect(one?.address).toMatch(/^org\.tmp-\.sys\.-\.tmp-[0-9a-f-]{36}$/);
    expect(isAddress(one?.address ?? '')).toBe(true);
    expect(one?.address).not.toBe(two?.address);
    expect(one?.campaignId).not.toBe(two?.campaignId);
  });

  test('no secret when it is printed or made into JSON, nor in the error of a wrong configuration', () => {
    const secret = 'correct horse battery staple';
    const config = {
      brokers: [{ protocol: 'amqp0.9.1', username: 'u', password: secret } as const],
      dataStores: { minio: [{ username: 'u', password: secret }] },
    };
    const client = new IntersectClient(config);
    expect(inspect(client, { depth: null, showHidden: true })).not.toContain(secret);
    expect(JSON.stringify(client)).not.toContain(secret);
    const error = issuesOf({
      ...config,
      brokers: [{ ...config.brokers[0], port: secret }],
      password: secret,
    });
    expect(error.map(({ path }) => path)).toEqual(['brokers[0].port', 'password']);
    expect(JSON.stringify(error)).not.toContain(secret);
  });
});
