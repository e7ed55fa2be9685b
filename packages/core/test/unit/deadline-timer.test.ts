import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeadlineTimer } from '../../src/internal.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

interface Wait {
  readonly name: string;
  readonly dueAtMs: number;
}

function setUp() {
  const waits = new Set<Wait>();
  const expired: string[] = [];
  const timer = new DeadlineTimer<Wait>(
    () => waits,
    (wait) => {
      waits.delete(wait);
      expired.push(wait.name);
    },
  );
  const wait = (name: string, inMs: number): Wait => {
    const added = { name, dueAtMs: performance.now() + inMs };
    waits.add(added);
    timer.watch(added);
    return added;
  };
  return { waits, expired, timer, wait };
}

test('each ends at its time, whatever the order in which they began', () => {
  const { expired, wait } = setUp();
  wait('long', 300);
  wait('short', 100);
  wait('middle', 200);
  const seen = [99, 1, 100, 100].map((ms) => {
    vi.advanceTimersByTime(ms);
    return [...expired];
  });
  expect(seen).toEqual([[], ['short'], ['short', 'middle'], ['short', 'middle', 'long']]);
});

test('there is one timer for all, and none when all is over', () => {
  const { waits, timer, wait } = setUp();
  for (let number = 0; number < 100; number++) wait(String(number), 1_000 + number);
  expect(vi.getTimerCount()).toBe(1);
  waits.clear();
  timer.stop();
  expect(vi.getTimerCount()).toBe(0);
  wait('later', 50);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(50);
});

test('at rest the timer keeps no program from ending, and the next entry takes it up again', () => {
  vi.useRealTimers();
  const keeping = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length - before;
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const { waits, timer, wait } = setUp();
  wait('first', 100_000);
  expect(keeping()).toBe(1);
  waits.clear();
  timer.rest();
  expect(keeping()).toBe(0);
  wait('second', 150_000);
  expect(keeping()).toBe(1);
  timer.stop();
  expect(keeping()).toBe(0);
  vi.useFakeTimers();
});

test('an entry that comes after a rest ends at its time', () => {
  const { waits, expired, timer, wait } = setUp();
  wait('first', 100);
  waits.clear();
  timer.rest();
  wait('second', 150);
  vi.advanceTimersByTime(149);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(['second']);
});

test('what was taken out meanwhile is not told, and does not hide what comes after', () => {
  const { waits, expired, wait } = setUp();
  waits.delete(wait('gone', 100));
  wait('stays', 150);
  vi.advanceTimersByTime(150);
  expect(expired).toEqual(['stays']);
});

test('a time beyond the longest timer is waited for in parts', () => {
  const { expired, wait } = setUp();
  const days = 24 * 3_600_000;
  wait('in a month', 30 * days);
  vi.advanceTimersByTime(29 * days);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(days);
  expect(expired).toEqual(['in a month']);
});

test('a time that is no number is over at once, and the others keep theirs', () => {
  const { expired, wait } = setUp();
  wait('before', 100);
  wait('no number', Number.NaN);
  wait('after', 200);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(['no number']);
  vi.advanceTimersByTime(199);
  expect(expired).toEqual(['no number', 'before', 'after']);
});

test('rings at its time where the timers are fake and the clock is not', () => {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { expired, wait } = setUp();
  wait('short', 1_000);
  wait('long', 3_600_000);
  vi.advanceTimersByTime(1_001);
  expect(expired).toEqual(['short']);
  vi.advanceTimersByTime(3_600_000);
  expect(expired).toEqual(['short', 'long']);
});
