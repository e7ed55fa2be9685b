import { isIntersectError } from '@intersect-sdk/core';
import { delay } from '@intersect-sdk/core/internal';

/** How long a data store is waited for that is away, full, or breaks off. */
export interface StoreWait {
  readonly signal: AbortSignal;
  /** No try begins later than that. A try under way is not ended by it. @default no limit but the signal */
  readonly withinMs?: number | undefined;
  /** Told of each try that failed and is repeated. */
  readonly onFailed?: ((error: Error) => void) | undefined;
  /** Runs the waits between the tries, so that others can go on meanwhile. */
  readonly outside?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
  /** Whether the work can be done once more. @default true */
  readonly mayRepeat?: (() => boolean) | undefined;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/** Repeats what a data store could not do for now, as its error says by `retryable`. Throws the last error when the time is over. */
export async function whileAway<T>(work: () => Promise<T>, wait: StoreWait): Promise<T> {
  const { signal, withinMs, onFailed, outside = (pause) => pause(), mayRepeat = () => true } = wait;
  const lastMs = withinMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + withinMs;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isIntersectError(error) || !error.retryable || signal.aborted || !mayRepeat()) throw error;
      const pauseMs = Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries);
      if (performance.now() + pauseMs > lastMs) throw error;
      onFailed?.(error);
      await outside(() => delay(pauseMs, signal));
      if (signal.aborted) throw error;
    }
  }
}
