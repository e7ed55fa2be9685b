// A directory from its first message to its end, with a clock that the test turns.
import type { ConfigError } from '@intersect-sdk/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type DirectoryOptions,
  type KnownService,
  type ServiceDirectory,
  watchServices,
} from '../../src/index.js';
import { FakeClient } from './fake-client.js';

const ADDRESS = 'org.fac.sys.-.stage';
const OTHER = 'org.fac.sys.-.other';
const SCHEMA = { info: { title: ADDRESS } };
const TOLD = { schema: SCHEMA, status: { Stage: { on: true } } };
const MINUTE = 60_000;
const EACH_MINUTE = { 'x-intersect-interval-ms': '60000' };

let client: FakeClient;
let directories: ServiceDirectory[];

beforeEach(() => {
  vi.useFakeTimers();
  client = new FakeClient();
  directories = [];
});
afterEach(async () => {
  for (const directory of directories) await directory.stop();
  vi.useRealTimers();
});

async function start(options: DirectoryOptions = {}): Promise<ServiceDirectory> {
  const directory = watchServices(client, options);
  directories.push(directory);
  await directory.ready;
  return directory;
}

const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const stateOf = (directory: ServiceDirectory, address = ADDRESS) => directory.services.get(address)?.state;

describe('a service that tells its status', () => {
  test('is up, and nobody is asked anything', async () => {
    const directory = await start();
    client.headers = EACH_MINUTE;
    client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
    await pass();
    expect(directory.services.get(ADDRESS)).toMatchObject({
      state: 'up',
      schema: SCHEMA,
      intervalMs: MINUTE,
    });
    for (let minute = 0; minute < 10; minute++) {
      await pass(MINUTE);
      client.tell(ADDRESS, 'LCT_POLLING', TOLD);
    }
    expect(stateOf(directory)).toBe('up');
    expect(client.asked).toEqual([]);
  });

  test('and then no more is asked after two intervals: silent where it does not answer', async () => {
    const directory = await start();
    client.headers = EACH_MINUTE;
    client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
    await pass(2 * MINUTE - 10);
    expect(client.asked).toEqual([]);
    await pass(20);
    expect(client.asked).toEqual([`ping ${ADDRESS}`]);
    expect(stateOf(directory)).toBe('silent');
    client.tell(ADDRESS, 'LCT_POLLING', TOLD);
    await pass();
    expect(stateOf(directory)).toBe('up');
  });

  test('up where it answers, and waited for again', async () => {
    const directory = await start();
    client.there.set(ADDRESS, 'up');
    client.headers = EACH_MINUTE;
    client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
    await pass(2 * MINUTE + 10);
    expect(stateOf(directory)).toBe('up');
    client.there.set(ADDRESS, 'silent');
    await pass(2 * MINUTE + 10);
    expect(stateOf(directory)).toBe('silent');
    expect(client.asked).toEqual([`ping ${ADDRESS}`, `ping ${ADDRESS}`]);
  });

  test('is silent without being asked where nothing may be sent', async () => {
    const directory = await start({ asks: false });
    client.tell(ADDRESS, 'LCT_FUNCTIONS_BLOCKED', ['a']);
    await pass(10 * MINUTE - 10);
    expect(stateOf(directory)).toBe('blocked');
    await pass(20);
    expect(stateOf(directory)).toBe('silent');
    expect(client.asked).toEqual([]);
  });
});

test('a service that says goodbye is down at once, with its reason', async () => {
  const directory = await start();
  client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
  client.tell(ADDRESS, 'LCT_SHUTDOWN', 'maintenance');
  await pass(60 * MINUTE);
  expect(directory.services.get(ADDRESS)).toMatchObject({ state: 'down', reason: 'maintenance' });
  expect(client.asked).toEqual([]);
});

test('one that is seen before it told its schema is asked for it', async () => {
  client.schemas.set(ADDRESS, SCHEMA);
  const directory = await start();
  client.tell(ADDRESS, 'LCT_FUNCTIONS_ALLOWED', []);
  await pass();
  expect(directory.find(ADDRESS)).toMatchObject({ schema: SCHEMA });
});

test('a message that cannot be read, or that says that it is of another service, is told and changes nothing', async () => {
  const problems: string[] = [];
  const directory = await start({ onProblem: ({ message }) => problems.push(message) });
  client.headers = { source: OTHER };
  client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
  client.headers = { lifecycle_type: 'LCT_DANCE' };
  client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
  await pass();
  expect(problems).toHaveLength(2);
  expect(directory.services.size).toBe(0);
});

test('changes come as they happen, to each loop', async () => {
  const directory = await start();
  await using one = directory.changes();
  await using other = directory.changes();
  client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
  client.tell(ADDRESS, 'LCT_SHUTDOWN', null);
  for (const changes of [one, other]) {
    expect((await changes.next()).value).toMatchObject({ kind: 'appeared', before: undefined });
    expect((await changes.next()).value).toMatchObject({
      kind: 'state',
      service: { state: 'down' },
      before: { state: 'up' },
    });
  }
  await directory.stop();
  expect(await one.next()).toMatchObject({ done: true });
  expect(client.isWatched).toBe(false);
});

describe('waiting for a service', () => {
  test('ends when it is there and told what it can do', async () => {
    const directory = await start();
    const waiting = directory.waitFor(ADDRESS);
    client.tell(OTHER, 'LCT_STARTUP', TOLD);
    client.tell(ADDRESS, 'LCT_FUNCTIONS_ALLOWED', []);
    client.tell(ADDRESS, 'LCT_POLLING', TOLD);
    expect(await waiting).toMatchObject({ address: ADDRESS, schema: SCHEMA });
    expect(await directory.waitFor(ADDRESS)).toBe(directory.services.get(ADDRESS));
  });

  test('ends with REQUEST_TIMEOUT, or with its signal', async () => {
    const directory = await start();
    const late = directory.waitFor(ADDRESS, { timeoutMs: 1_000 }).catch(({ code }: { code: string }) => code);
    await pass(1_000);
    expect(await late).toBe('REQUEST_TIMEOUT');
    const giveUp = new AbortController();
    const given = directory
      .waitFor(ADDRESS, { signal: giveUp.signal })
      .catch(({ code }: { code: string }) => code);
    giveUp.abort();
    expect(await given).toBe('ABORTED');
  });
});

describe('a store', () => {
  const kept = (address: string, state: KnownService['state']): KnownService => ({
    address,
    state,
    sinceMs: 1,
    lastSeenMs: 1,
    foundBy: 'lifecycle',
    schema: SCHEMA,
    statuses: {},
    toldAtMs: 1,
    blockedKeys: [],
    instances: undefined,
    intervalMs: undefined,
    reason: undefined,
  });

  test('gives what was known, which is asked whether it is there, and takes what is new', async () => {
    const saved: string[][] = [];
    const store = {
      load: async () => [kept(ADDRESS, 'up'), kept(OTHER, 'up'), kept('org.fac.sys.-.gone', 'down')],
      save: async (services: readonly KnownService[]) =>
        void saved.push(services.map(({ address, state }) => `${address.split('.').pop()} ${state}`)),
    };
    client.there.set(ADDRESS, 'up');
    const directory = await start({ store });
    await pass();
    expect([stateOf(directory), stateOf(directory, OTHER)]).toEqual(['up', 'silent']);
    expect(client.asked).toEqual([`ping ${ADDRESS}`, `ping ${OTHER}`]);
    await pass(1_000);
    expect(saved).toEqual([['stage up', 'other silent', 'gone down']]);
    client.tell(ADDRESS, 'LCT_SHUTDOWN', null);
    await pass();
    await directory.stop();
    expect(saved.at(-1)).toEqual(['stage down', 'other silent', 'gone down']);
  });

  test('that fails is told, and the directory works without it', async () => {
    const problems: string[] = [];
    const fail = async (): Promise<never> => {
      throw new Error('the disk is full');
    };
    const store = { load: fail, save: fail };
    const directory = await start({ store, onProblem: ({ message }) => problems.push(message) });
    client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
    await pass(1_000);
    expect(problems).toEqual(['the disk is full', 'the disk is full']);
    expect(stateOf(directory)).toBe('up');
  });
});

test('every problem of the options is named at once, before anything is listened to', () => {
  const options = { store: {}, usualIntervalMs: 0, rabbitManagement: { url: 'http://x' }, more: 1 } as object;
  let issues: readonly { path: string }[] = [];
  try {
    watchServices(client, options);
  } catch (error) {
    ({ issues } = error as ConfigError);
  }
  expect(issues.map(({ path }) => path).sort()).toEqual([
    'more',
    'rabbitManagement.password',
    'rabbitManagement.username',
    'store',
    'usualIntervalMs',
  ]);
  expect(client.isWatched).toBe(false);
});

test('more services than are kept are told of once, and the longest gone is forgotten', async () => {
  const problems: string[] = [];
  const directory = await start({ maxServices: 1, onProblem: ({ message }) => problems.push(message) });
  const addresses = ['one', 'two', 'three'].map((name) => `org.fac.sys.-.${name}`);
  const changes = directory.changes();
  for (const address of addresses) {
    client.tell(address, 'LCT_STARTUP', TOLD);
    client.tell(address, 'LCT_SHUTDOWN', 'enough');
    await pass();
  }
  expect([...directory.services.keys()]).toEqual(addresses.slice(2));
  expect(problems).toEqual([
    `There are more than 1 services: those that are gone the longest are forgotten, from ${addresses[0]} on. maxServices is how many are kept.`,
  ]);
  await directory.stop();
  const seen: string[] = [];
  for await (const { kind, service } of changes) seen.push(`${kind} ${service.address.split('.').at(-1)}`);
  expect(seen.filter((each) => each.startsWith('forgotten'))).toEqual(['forgotten one', 'forgotten two']);
});

test('while all are there, a new one is not taken, and nobody asks it', async () => {
  const problems: string[] = [];
  const directory = await start({ maxServices: 1, onProblem: ({ message }) => problems.push(message) });
  client.tell(ADDRESS, 'LCT_STARTUP', TOLD);
  client.tell(OTHER, 'LCT_STARTUP', { status: {} });
  client.tell(OTHER, 'LCT_POLLING', { status: {} });
  await pass(MINUTE);
  expect([...directory.services.keys()]).toEqual([ADDRESS]);
  expect(client.asked).toEqual([]);
  expect(problems).toEqual([expect.stringContaining('new ones are not taken')]);
});
