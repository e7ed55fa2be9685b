import type { KnownService } from '@intersect-sdk/directory';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KnownElsewhere } from '../../src/worker/known-elsewhere.js';

const address = 'lab.hall.room.-.camera';
const service = (instances: number | undefined, seen: Partial<KnownService> = {}): KnownService => ({
  address,
  state: 'up',
  sinceMs: 1,
  lastSeenMs: undefined,
  foundBy: 'management',
  schema: undefined,
  statuses: undefined,
  toldAtMs: undefined,
  blockedKeys: [],
  instances,
  intervalMs: undefined,
  reason: undefined,
  ...seen,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what the program knows is joined with what the page knows, and told when it changes', async () => {
  let known: readonly KnownService[] = [service(1)];
  const changed = vi.fn();
  const load = vi.fn(() => Promise.resolve(known));
  const elsewhere = new KnownElsewhere({ load, changed, everyMs: 1_000 });
  await vi.advanceTimersByTimeAsync(0);
  expect(changed).toHaveBeenCalledExactlyOnceWith(address);
  // The page itself has not heard it yet.
  expect(elsewhere.joined(address, undefined)).toMatchObject({ instances: 1 });
  // Once it has, it knows better, but for the number.
  const here = service(undefined, { state: 'blocked' });
  expect(elsewhere.joined(address, here)).toMatchObject({ state: 'blocked', instances: 1 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(changed).toHaveBeenCalledTimes(1);
  known = [service(2)];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(changed).toHaveBeenCalledTimes(2);
  expect(elsewhere.joined('another', undefined)).toBeUndefined();

  load.mockRejectedValueOnce(new Error('gone'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(elsewhere.joined(address, here)).toMatchObject({ instances: 2 });
  elsewhere.stop();
  const { length } = load.mock.calls;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load.mock.calls).toHaveLength(length);
});
