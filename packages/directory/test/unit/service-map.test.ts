// What makes a service up, blocked, silent or down, and what of it is new. Without timers: each thing happens when the test says.
import { describe, expect, test } from 'vitest';
import type { KnownService, ServiceChange } from '../../src/index.js';
import type { Heard } from '../../src/map/lifecycle.js';
import { ServiceMap } from '../../src/map/service-map.js';

const ADDRESS = 'org.fac.sys.-.stage';
const SCHEMA = { info: { title: ADDRESS } };
const MINUTE = 60_000;

function setUp({ maxServices = 1_000 } = {}) {
  const changes: ServiceChange[] = [];
  const full: (string | undefined)[] = [];
  const map = new ServiceMap({
    usualIntervalMs: 5 * MINUTE,
    maxServices,
    changed: (change) => changes.push(change),
    full: (forgotten) => full.push(forgotten?.address),
  });
  const hear = (type: Heard['type'], atMs: number, more: Partial<Heard> = {}): void =>
    map.heard({ address: ADDRESS, type, atMs, ...more });
  const told = { schema: SCHEMA, statuses: { Stage: { on: true } } };
  return {
    map,
    full,
    hear,
    told,
    now: () => map.services.get(ADDRESS) as KnownService,
    news: () => changes.splice(0).map(({ kind, service: { state } }) => `${kind} ${state}`),
  };
}

describe('a service', () => {
  test('appears with its first message, with what that tells', () => {
    const { hear, told, now, news } = setUp();
    hear('LCT_STARTUP', 1_000, { told });
    expect(news()).toEqual(['appeared up']);
    expect(now()).toMatchObject({
      state: 'up',
      sinceMs: 1_000,
      lastSeenMs: 1_000,
      toldAtMs: 1_000,
      foundBy: 'lifecycle',
      schema: SCHEMA,
      statuses: told.statuses,
    });
  });

  test('that goes on telling its status stays up since then, and another schema is news', () => {
    const { hear, told, now, news } = setUp();
    hear('LCT_STARTUP', 1_000, { told });
    news();
    hear('LCT_POLLING', 61_000, { told: { ...told, schema: { ...SCHEMA } } });
    expect(news()).toEqual(['status up']);
    hear('LCT_POLLING', 121_000, { told: { ...told, schema: { ...SCHEMA, more: 1 } } });
    expect(news()).toEqual(['schema up', 'status up']);
    expect(now()).toMatchObject({ sinceMs: 1_000, lastSeenMs: 121_000, toldAtMs: 121_000 });
  });

  test('is blocked as long as any key is, and a start forgets them', () => {
    const { hear, now, news } = setUp();
    hear('LCT_STARTUP', 0);
    hear('LCT_FUNCTIONS_BLOCKED', 1, { keys: ['a', 'b'] });
    hear('LCT_FUNCTIONS_BLOCKED', 2, { keys: ['b', 'c'] });
    expect(now()).toMatchObject({ state: 'blocked', sinceMs: 1, blockedKeys: ['a', 'b', 'c'] });
    hear('LCT_FUNCTIONS_ALLOWED', 3, { keys: ['a', 'c'] });
    expect(now()).toMatchObject({ state: 'blocked', blockedKeys: ['b'] });
    hear('LCT_STARTUP', 4);
    expect(now()).toMatchObject({ state: 'up', sinceMs: 4, blockedKeys: [] });
    expect(news()).toEqual([
      'appeared up',
      'state blocked',
      'keys blocked',
      'keys blocked',
      'keys blocked',
      'state up',
      'keys up',
    ]);
  });

  test('that says goodbye is down, with its reason, until something comes from it', () => {
    const { map, hear, now } = setUp();
    hear('LCT_STARTUP', 0);
    hear('LCT_SHUTDOWN', 5, { reason: 'maintenance' });
    expect(now()).toMatchObject({ state: 'down', sinceMs: 5, reason: 'maintenance' });
    map.missed(ADDRESS, 10);
    expect(now().state).toBe('down');
    hear('LCT_STARTUP', 20);
    expect(now()).toMatchObject({ state: 'up', sinceMs: 20, reason: undefined });
  });

  test('that was not heard is silent, never down', () => {
    const { map, hear, now } = setUp();
    hear('LCT_STARTUP', 0);
    map.missed(ADDRESS, 7);
    expect(now()).toMatchObject({ state: 'silent', sinceMs: 7, lastSeenMs: 0 });
    map.seen(ADDRESS, 9);
    expect(now()).toMatchObject({ state: 'up', sinceMs: 9, lastSeenMs: 9 });
  });
});

describe('until when it must be heard', () => {
  test('is two intervals: 300 s each, until two POLLINGs show how long they are', () => {
    const { map, hear } = setUp();
    hear('LCT_STARTUP', 0);
    expect(map.dueAtMs(ADDRESS)).toBe(10 * MINUTE);
    // The first one comes 60 s after the start, however long the interval is.
    hear('LCT_POLLING', MINUTE);
    expect(map.dueAtMs(ADDRESS)).toBe(11 * MINUTE);
    hear('LCT_POLLING', 3 * MINUTE);
    expect(map.dueAtMs(ADDRESS)).toBe(7 * MINUTE);
    hear('LCT_STARTUP', 4 * MINUTE);
    hear('LCT_POLLING', 5 * MINUTE);
    expect(map.dueAtMs(ADDRESS)).toBe(9 * MINUTE);
  });

  test('is told by a service of ours with its first message', () => {
    const { map, hear } = setUp();
    hear('LCT_STARTUP', 0, { intervalMs: 30_000 });
    expect(map.dueAtMs(ADDRESS)).toBe(MINUTE);
  });

  test('no interval is shorter or longer than the protocol allows', () => {
    const { map, hear } = setUp();
    hear('LCT_POLLING', 0);
    hear('LCT_POLLING', 10);
    expect(map.dueAtMs(ADDRESS)).toBe(10 + MINUTE);
    hear('LCT_POLLING', 1e9);
    expect(map.dueAtMs(ADDRESS)).toBe(1e9 + 50 * MINUTE);
  });

  test('is no matter where it is down or silent already', () => {
    const { map, hear } = setUp();
    hear('LCT_STARTUP', 0);
    map.missed(ADDRESS, 1);
    expect(map.dueAtMs(ADDRESS)).toBe(undefined);
    hear('LCT_SHUTDOWN', 2);
    expect(map.dueAtMs(ADDRESS)).toBe(undefined);
  });
});

test('what an earlier run knew is silent until it is seen, unless it was down', () => {
  const { map, hear, told, now, news } = setUp();
  hear('LCT_STARTUP', 0, { told });
  hear('LCT_FUNCTIONS_BLOCKED', 1, { keys: ['a'] });
  const kept = now();
  const second = setUp();
  second.map.restore([kept, { ...kept, address: 'org.fac.sys.-.gone', state: 'down' }]);
  expect(second.news()).toEqual(['appeared silent', 'appeared down']);
  expect(second.now()).toMatchObject({ foundBy: 'store', schema: SCHEMA, toldAtMs: 0, blockedKeys: [] });
  map.restore([{ ...kept, schema: undefined }]);
  expect(now()).toBe(kept);
  expect(news()).not.toContain('appeared silent');
});

test('a queue without a consumer shows a service that is not there', () => {
  const { map, hear, now } = setUp();
  map.abandoned(ADDRESS, 3);
  expect(now()).toMatchObject({ state: 'silent', foundBy: 'management', lastSeenMs: undefined });
  hear('LCT_SHUTDOWN', 4);
  map.abandoned(ADDRESS, 5);
  expect(now().state).toBe('down');
});

test('what it said when it was asked does not replace what is newer', () => {
  const { map, hear, told, now, news } = setUp();
  map.seen(ADDRESS, 0, 'management');
  map.described(ADDRESS, { schema: SCHEMA, toldAtMs: 10 });
  expect(news()).toEqual(['appeared up', 'schema up', 'status up']);
  hear('LCT_POLLING', 20, { told });
  map.described(ADDRESS, { schema: { old: true }, toldAtMs: 15 });
  expect(now().schema).toEqual(SCHEMA);
});

describe('where there are more services than are kept', () => {
  const START = { type: 'LCT_STARTUP' } as const;
  const END = { type: 'LCT_SHUTDOWN' } as const;

  test('the one that is down the longest is forgotten first, then the one that is silent the longest', () => {
    const { map, full, news } = setUp({ maxServices: 4 });
    for (const [atMs, address] of ['a', 'b', 'c', 'd'].entries()) map.heard({ address, ...START, atMs });
    map.missed('a', 10);
    map.missed('b', 11);
    map.heard({ address: 'd', ...END, atMs: 12 });
    map.heard({ address: 'c', ...END, atMs: 13 });
    news();
    for (const address of ['e', 'f', 'g', 'h']) map.heard({ address, ...START, atMs: 20 });
    expect(full).toEqual(['d', 'c', 'a', 'b']);
    const exchange = (state: string) => [`forgotten ${state}`, 'appeared up'];
    expect(news()).toEqual(['down', 'down', 'silent', 'silent'].flatMap(exchange));
    expect([...map.services.keys()]).toEqual(['e', 'f', 'g', 'h']);
  });

  test('who is there is not pushed out by who is new', () => {
    const { map, full, news } = setUp({ maxServices: 1 });
    map.heard({ address: 'a', ...START, atMs: 0 });
    news();
    map.heard({ address: 'b', ...START, atMs: 1 });
    map.seen('b', 2, 'management');
    map.abandoned('b', 3);
    expect(full).toEqual([undefined, undefined, undefined]);
    expect(news()).toEqual([]);
    expect([...map.services.keys()]).toEqual(['a']);
  });

  test('of what was stored, the longest gone are left out', () => {
    const before = setUp();
    for (const [atMs, address] of ['a', 'b', 'c'].entries()) before.map.heard({ address, ...START, atMs });
    before.map.heard({ address: 'b', ...END, atMs: 10 });
    before.map.heard({ address: 'a', ...END, atMs: 11 });
    const { map, full } = setUp({ maxServices: 2 });
    map.restore(before.map.services.values());
    expect([...map.services.keys()].sort()).toEqual(['a', 'c']);
    expect(full).toEqual(['b']);
  });
});
