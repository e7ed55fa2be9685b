import { isIntersectError } from '@intersect-sdk/core';
import { delay, type ResolvedRetryOptions } from '@intersect-sdk/core/internal';

export interface Retrying {
  readonly retry: ResolvedRetryOptions;
  /** Whether the operation may run twice without harm. */
  readonly idempotent: boolean;
  /** Ends the wait between two attempts. */
  readonly signal: AbortSignal;
  /** Called when an attempt has failed and another one follows, before the wait for it. */
  readonly onWait?: (() => void) | undefined;
  readonly onRetry: (error: unknown, attempt: number) => void;
}

/** Repeats until it succeeds, fails in a way that must not be repeated, or has used up its attempts. Then throws the last error. */
export async function retrying<T>(work: () => Promise<T>, options: Retrying): Promise<T> {
  const { retry, signal, idempotent, onWait, onRetry } = options;
  const { minDelayMs, maxDelayMs } = retry;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= retry.attempts || !mayRepeat(error, idempotent)) throw error;
      onWait?.();
      await delay(Math.random() * Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1)), signal);
      if (signal.aborted) throw error;
      onRetry(error, attempt + 1);
    }
  }
}

function mayRepeat(error: unknown, idempotent: boolean): boolean {
  return isIntersectError(error) && error.retryable && (idempotent || !error.mayHaveRun);
}
