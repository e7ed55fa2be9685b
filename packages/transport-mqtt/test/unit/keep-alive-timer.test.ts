import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeepAliveTimer, keepAliveTimer } from '../../src/session/keep-alive-timer.js';

/** A worker that does what a test says: by itself it is silent, as one that a policy forbids. */
class FakeWorker {
  static made: FakeWorker[] = [];
  readonly posted: unknown[] = [];
  ended = false;
  onmessage: (event: { data: unknown }) => void = () => {};
  onerror: (event: { preventDefault(): void }) => void = () => {};

  constructor() {
    FakeWorker.made.push(this);
  }

  postMessage(data: unknown): void {
    this.posted.push(data);
  }

  terminate(): void {
    this.ended = true;
  }

  static get last(): FakeWorker {
    return FakeWorker.made.at(-1) as FakeWorker;
  }
}

beforeEach(() => {
  FakeWorker.made = [];
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vi.stubGlobal('Worker', FakeWorker);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the timer of the keep-alive', () => {
  test('ticks in the page while the worker is silent', () => {
    const tick = vi.fn();
    new KeepAliveTimer().set(tick, 500);
    vi.advanceTimersByTime(1_500);
    expect(tick).toHaveBeenCalledTimes(3);
  });

  test('ticks in the worker alone once that has answered', () => {
    const tick = vi.fn();
    const id = new KeepAliveTimer().set(tick, 500);
    expect(FakeWorker.last.posted).toEqual([[id, 500]]);
    FakeWorker.last.onmessage({ data: [id, true] });
    vi.advanceTimersByTime(5_000);
    expect(tick).not.toHaveBeenCalled();
    FakeWorker.last.onmessage({ data: [id] });
    expect(tick).toHaveBeenCalledTimes(1);
  });

  test('ticks in the page again when the worker fails later, and tries no other', () => {
    const timer = new KeepAliveTimer();
    const tick = vi.fn();
    const id = timer.set(tick, 500);
    FakeWorker.last.onmessage({ data: [id, true] });
    FakeWorker.last.onerror({ preventDefault: () => {} });
    expect(FakeWorker.last.ended).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(tick).toHaveBeenCalledTimes(2);
    timer.set(tick, 500);
    expect(FakeWorker.made).toHaveLength(1);
  });

  test.each([
    ['there is no Worker', () => vi.stubGlobal('Worker', undefined)],
    [
      'making one throws, as with trusted types',
      () =>
        vi.stubGlobal(
          'Worker',
          class {
            constructor() {
              throw new TypeError('This document requires TrustedScriptURL assignment.');
            }
          },
        ),
    ],
    ['blobs have no URLs', () => vi.stubGlobal('URL', class {})],
    ['there are no blobs', () => vi.stubGlobal('Blob', undefined)],
  ])('ticks in the page where %s', (_name, lack) => {
    lack();
    const tick = vi.fn();
    new KeepAliveTimer().set(tick, 500);
    vi.advanceTimersByTime(1_000);
    expect(tick).toHaveBeenCalledTimes(2);
  });

  test('ticks no more once it is cleared, and leaves no worker', async () => {
    const timer = new KeepAliveTimer();
    const tick = vi.fn();
    const [one, other] = [timer.set(tick, 500), timer.set(tick, 500)];
    timer.clear(one);
    await Promise.resolve();
    expect(FakeWorker.last.ended).toBe(false);
    FakeWorker.last.onmessage({ data: [one] });
    timer.clear(other);
    timer.clear(other);
    await Promise.resolve();
    expect(FakeWorker.last.ended).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(tick).not.toHaveBeenCalled();
  });

  test('keeps its worker when an interval is set again at once', async () => {
    const timer = new KeepAliveTimer();
    timer.clear(timer.set(() => {}, 500));
    timer.set(() => {}, 500);
    await Promise.resolve();
    expect(FakeWorker.made.map(({ ended }) => ended)).toEqual([false]);
  });

  test('is for pages, unless something else is asked for', () => {
    expect(keepAliveTimer('auto')).toBe('native');
    expect(keepAliveTimer('worker')).toBeInstanceOf(KeepAliveTimer);
    vi.stubGlobal('document', {});
    expect(keepAliveTimer('auto')).toBeInstanceOf(KeepAliveTimer);
    expect(keepAliveTimer('native')).toBe('native');
  });
});
