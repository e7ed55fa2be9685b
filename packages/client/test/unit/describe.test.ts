// What a service can do: itself is asked first, then the sources that were given, then what it tells by itself.
import { encodeLifecycleHeaders, encodePayload, lifecycleChannel, newId, nowIso } from '@intersect-sdk/core';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test, vi } from 'vitest';
import type { DescriptionSource } from '../../src/index.js';
import { askingClient } from './conversing.js';
import { ADDRESS, type Answer, FakeService } from './fake-service.js';
import { deferred, thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const CORE = 'intersect_sdk.system_capability';
const SCHEMA = { asyncapi: '2.6.0', info: { title: ADDRESS } };
const STATUS = { Fake: { on: true } };
const ofOurs = (): Answer => ({ json: { schema: SCHEMA, status: STATUS } });
const ofPython = (): Answer => ({ json: { uptime: 'PT1S' } });

const KNOWN = { schema: { ...SCHEMA, old: true }, toldAtMs: 1_000 };
const store = (find: DescriptionSource['find']): DescriptionSource => ({ name: 'store', find });

async function tell(type: 'LCT_POLLING' | 'LCT_SHUTDOWN', payload: unknown): Promise<void> {
  await using transport = memoryTransport(broker, { name: 'teller' });
  await transport.connect();
  const ids = { messageId: newId(), createdAt: nowIso(), sdkVersion: '0.9.6' };
  await transport.publish({
    channel: lifecycleChannel(ADDRESS),
    payload: encodePayload(payload, 'application/json'),
    contentType: 'application/json',
    headers: encodeLifecycleHeaders({ ...ids, source: ADDRESS, lifecycleType: type }),
  });
}

const start = () => askingClient({ broker, reports }, {}).startup();

describe('a service of this SDK', () => {
  test('says it itself', async () => {
    const asked: unknown[] = [];
    await using transport = memoryTransport(broker, { name: 'ear' });
    await transport.connect();
    await transport.subscribe('#', ({ headers }) => void asked.push(headers['x-intersect-ask']));
    await using _service = await FakeService.start(broker, { [CORE]: ofOurs });
    await using client = await start();
    const before = Date.now();
    const sources = [store(() => KNOWN)];
    const described = await client.describe(ADDRESS, { sources });
    expect(described).toMatchObject({ from: 'service', source: undefined, schema: SCHEMA, statuses: STATUS });
    expect(described.toldAtMs).toBeGreaterThanOrEqual(before);
    expect(asked[0]).toBe('schema');
  });
});

describe('a service that answers without its schema', () => {
  test('is described by the first source that knows it, whatever another one throws', async () => {
    await using _service = await FakeService.start(broker, { [CORE]: ofPython });
    await using client = await start();
    const broken = store(() => Promise.reject(new Error('the disk is gone')));
    const sources = [broken, store(() => undefined), { ...store(async () => KNOWN), name: 'map' }];
    const { ageMs, ...described } = await client.describe(ADDRESS, { sources });
    expect(described).toMatchObject({ from: 'source', source: 'map', ...KNOWN, statuses: undefined });
    expect(ageMs).toBeGreaterThan(1e12);
  });

  test('is described by what it tells next, and nothing is listened to afterwards', async () => {
    await using _service = await FakeService.start(broker, { [CORE]: ofPython });
    await using client = await start();
    const before = broker.queueCount;
    const describing = client.describe(ADDRESS);
    await vi.waitFor(() => expect(broker.queueCount).toBeGreaterThan(before));
    await tell('LCT_SHUTDOWN', 'a goodbye tells nothing of it');
    await tell('LCT_POLLING', { schema: SCHEMA, status: STATUS });
    expect(await describing).toMatchObject({ from: 'lifecycle', schema: SCHEMA, statuses: STATUS });
    await vi.waitFor(() => expect(broker.queueCount).toBe(before));
  });

  test('and tells nothing in time: REQUEST_TIMEOUT, with what the sources threw', async () => {
    await using _service = await FakeService.start(broker, { [CORE]: ofPython });
    await using client = await start();
    expect(await thrownBy(() => client.describe(ADDRESS, { timeoutMs: 20 }))).toMatchObject({
      code: 'REQUEST_TIMEOUT',
      mayHaveRun: false,
    });
  });
});

test('a service that is busy is described by what it tells meanwhile', async () => {
  const never = deferred<never>();
  await using service = await FakeService.start(broker, { [CORE]: () => never.promise });
  await using client = await start();
  const describing = client.describe(ADDRESS);
  await vi.waitFor(() => expect(service.received).toHaveLength(1));
  await tell('LCT_POLLING', { schema: SCHEMA, status: STATUS });
  expect(await describing).toMatchObject({ from: 'lifecycle' });
});

describe('where nobody is', () => {
  test('a source may know who was there', async () => {
    await using client = await start();
    const found = await client.describe(ADDRESS, { sources: [store(() => KNOWN)] });
    expect(found).toMatchObject({ from: 'source', source: 'store' });
  });

  test('UNROUTABLE, at once', async () => {
    await using client = await start();
    expect(await thrownBy(() => client.describe(ADDRESS))).toMatchObject({ code: 'UNROUTABLE' });
    const sources = [store(() => undefined)];
    expect(await thrownBy(() => client.describe(ADDRESS, { sources }))).toMatchObject({ code: 'UNROUTABLE' });
  });
});

test('the signal ends the wait', async () => {
  await using _service = await FakeService.start(broker, { [CORE]: ofPython });
  await using client = await start();
  const giveUp = new AbortController();
  const describing = thrownBy(() => client.describe(ADDRESS, { signal: giveUp.signal }));
  giveUp.abort();
  expect(await describing).toMatchObject({ code: 'ABORTED' });
});

test('every problem of what was given is named at once', async () => {
  await using client = await start();
  const options = { sources: [{ name: 'no function' }], timeoutMs: -1 } as object;
  const { issues } = (await thrownBy(() => client.describe('nowhere', options))) as {
    issues: { path: string }[];
  };
  expect(issues.map(({ path }) => path)).toEqual(['address', 'timeoutMs', 'sources[0]']);
});
