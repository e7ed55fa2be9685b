import type { Report } from '@intersect-sdk/client';

/** For a shutdown that must not wait for anything: the test would hang instead. */
export const WAITS_AN_HOUR = { shutdownTimeoutMs: 3_600_000 };

/** A promise and the way to settle it. */
export function deferred<T = void>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Collects what a client reports or calls back with, and waits for it. */
export class Collected<T> {
  readonly all: T[] = [];
  #waiting: { count: number; resolve(all: readonly T[]): void }[] = [];

  readonly add = (item: T): void => {
    this.all.push(item);
    for (const { count, resolve } of this.#waiting) if (this.all.length >= count) resolve(this.all);
    this.#waiting = this.#waiting.filter(({ count }) => this.all.length < count);
  };

  /** Resolves as soon as there are so many. */
  reach(count: number): Promise<readonly T[]> {
    if (this.all.length >= count) return Promise.resolve(this.all);
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

/** Kind and code of each report, in order. */
export function summary(reports: readonly Report[]): string[] {
  return reports.map(({ kind, code, message }) => `${kind} ${code ?? message}`);
}

/** What was thrown; throws when nothing was. */
export async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
