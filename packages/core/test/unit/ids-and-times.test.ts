import { afterEach, expect, test, vi } from 'vitest';
import { newId, nowIso } from '../../src/index.js';

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('ids are random UUIDs', () => {
  const ids = Array.from({ length: 100 }, newId);
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(UUID4);
});

test('ids are also made where the browser has no randomUUID', () => {
  const { crypto } = globalThis;
  vi.stubGlobal('crypto', {
    getRandomValues: (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array),
  });
  const ids = Array.from({ length: 100 }, newId);
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(UUID4);
});

test('the current time is written in UTC with its offset', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 16, 32, 49, 68) });
  expect(nowIso()).toBe('2026-11-22T16:32:49.068+00:00');
});
