import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SeenMessage } from '../../src/state/timeline/entry.js';
import { KeptTimeline } from '../../src/worker/kept-timeline.js';

const page = { base: 'ws://127.0.0.1:4080/', token: 'abc' };

function event(n: number, bytes = 1): SeenMessage {
  return {
    kind: 'event',
    address: 'lab.hall.room.-.camera',
    broker: 'mqtt://lab',
    atMs: n,
    own: n % 2 === 1,
    message: { channel: 'c', contentType: 'text/plain', headers: {}, payload: new Uint8Array(bytes) },
  };
}

/** The program that serves the page, as far as it keeps. */
function program() {
  const asked: string[] = [];
  let kept = '';
  const fetching = vi.fn(async (url: URL, init: RequestInit = {}) => {
    asked.push(`${init.method ?? 'GET'} ${url}`);
    if (init.method === 'PUT') kept = String(init.body);
    return new Response(init.method === 'PUT' ? null : kept);
  });
  return { asked, fetch: fetching as unknown as typeof fetch };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what passed is there again after the page was loaded again', async () => {
  const { asked, fetch } = program();
  const passed = [event(1), event(2)];
  const before = new KeptTimeline({ messages: () => passed, fetch });
  expect(await before.restore(page)).toEqual([]);
  before.changed();
  before.changed();
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([
    'GET http://127.0.0.1:4080/timeline.jsonl',
    'PUT http://127.0.0.1:4080/timeline.jsonl',
  ]);
  expect(await new KeptTimeline({ messages: () => [], fetch }).restore(page)).toEqual(passed);
});

test('the newest are kept, and not too much of them', async () => {
  const { fetch } = program();
  const passed = Array.from({ length: 3_000 }, (_, n) => event(n, 4_000));
  const before = new KeptTimeline({ messages: () => passed, fetch });
  await before.restore(page);
  before.changed();
  await vi.advanceTimersByTimeAsync(500);
  const again = await new KeptTimeline({ messages: () => [], fetch }).restore(page);
  expect(again.length).toBe(Math.floor((4 * 1024 * 1024) / 4_000));
  expect(again.at(-1)?.atMs).toBe(2_999);
});

test('what is cleared is not there again, and a program that is gone harms nothing', async () => {
  const { fetch } = program();
  let passed = [event(1)];
  const before = new KeptTimeline({ messages: () => passed, fetch });
  await before.restore(page);
  before.changed();
  await vi.advanceTimersByTimeAsync(500);
  passed = [];
  before.changed();
  await vi.advanceTimersByTimeAsync(500);
  expect(await new KeptTimeline({ messages: () => [], fetch }).restore(page)).toEqual([]);
  const gone = new KeptTimeline({
    messages: () => [event(1)],
    fetch: () => Promise.reject(new TypeError('gone')),
  });
  expect(await gone.restore(page)).toEqual([]);
  gone.changed();
  await vi.advanceTimersByTimeAsync(500);
});
