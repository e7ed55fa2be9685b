// Requests are listened to only where a service is there: a listener that stays makes askers wait for a service that is gone.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RequestWatch } from '../../src/watch/request-watch.js';

type State = 'up' | 'silent' | 'absent';

const ADDRESS = 'a.b';
const INTERVAL_MS = 5_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch, and what it did. What is asked is answered by `state`, or by what a test does with `answers`. */
function setUp() {
  const journal: string[] = [];
  const world = { state: 'up' as State };
  const failed = vi.fn();
  const watch = new RequestWatch({
    checkIntervalMs: INTERVAL_MS,
    isThere: async () => {
      journal.push(`asked: ${world.state}`);
      return world.state;
    },
    join: async () => {
      journal.push('joined');
      return async () => void journal.push('left');
    },
    failed,
  });
  const after = async (ms: number): Promise<string[]> => {
    await vi.advanceTimersByTimeAsync(ms);
    return journal.splice(0);
  };
  return { watch, world, failed, after };
}

test('joins a service that is there, and asks it only when it said nothing meanwhile', async () => {
  const { watch, after } = setUp();
  watch.seen(ADDRESS);
  expect(await after(0)).toEqual(['asked: up', 'joined']);
  await after(INTERVAL_MS - 1);
  watch.seen(ADDRESS);
  expect(await after(1)).toEqual([]);
  expect(await after(INTERVAL_MS)).toEqual(['asked: up']);
  await watch.end();
  expect(await after(INTERVAL_MS)).toEqual(['left']);
});

test('does not join one that is not there, until it is seen again', async () => {
  const { watch, world, after } = setUp();
  world.state = 'absent';
  watch.seen(ADDRESS);
  expect(await after(INTERVAL_MS)).toEqual(['asked: absent']);
  expect(watch.addresses).toEqual([]);
  world.state = 'up';
  watch.seen(ADDRESS);
  expect(await after(0)).toEqual(['asked: up', 'joined']);
});

test('leaves at once after a goodbye, and joins again where another instance is there', async () => {
  const { watch, world, after } = setUp();
  watch.seen(ADDRESS);
  await after(0);
  watch.left(ADDRESS);
  expect(await after(0)).toEqual(['left', 'asked: up', 'joined']);
  world.state = 'absent';
  watch.left(ADDRESS);
  expect(await after(INTERVAL_MS)).toEqual(['left', 'asked: absent']);
});

test('leaves one that does not answer, and looks again without a listener', async () => {
  const { watch, world, after } = setUp();
  watch.seen(ADDRESS);
  await after(0);
  world.state = 'silent';
  expect(await after(INTERVAL_MS)).toEqual(['asked: silent', 'left', 'asked: silent', 'joined']);
  world.state = 'absent';
  expect(await after(INTERVAL_MS)).toEqual(['asked: absent', 'left', 'asked: absent']);
});

test('what fails ends the watching of that service, and is told', async () => {
  const { watch, world, failed, after } = setUp();
  Object.defineProperty(world, 'state', {
    get: () => {
      throw new Error('no broker');
    },
  });
  watch.seen(ADDRESS);
  await after(0);
  expect(failed).toHaveBeenCalledWith(ADDRESS, expect.objectContaining({ message: 'no broker' }));
  expect(watch.addresses).toEqual([]);
});

test('after the end nothing is joined any more', async () => {
  const { watch, after } = setUp();
  watch.seen(ADDRESS);
  await watch.end();
  watch.seen('c.d');
  expect((await after(INTERVAL_MS)).filter((entry) => entry === 'joined')).toEqual([]);
});
