import { type Issue, isIntersectError } from '@intersect-sdk/core';
import { delay, FieldReader, LONGEST_TIMER_MS, type RetryOptions } from '@intersect-sdk/core/internal';

const DEFAULTS = { minDelayMs: 200, maxDelayMs: 10_000 } as const;

export interface Retrying {
  readonly retry: RetryOptions;
  /** Whether the operation may run twice without harm. */
  readonly idempotent: boolean;
  /** Ends the wait between two attempts. */
  readonly signal: AbortSignal;
  readonly onRetry: (error: unknown, attempt: number) => void;
}

/** Repeats until it succeeds, fails in a way that must not be repeated, or has used up its attempts. Then throws the last error. */
export async function retrying<T>(work: () => Promise<T>, options: Retrying): Promise<T> {
  const { retry, signal, idempotent, onRetry } = options;
  const { minDelayMs = DEFAULTS.minDelayMs, maxDelayMs = DEFAULTS.maxDelayMs } = retry;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= retry.attempts || !mayRepeat(error, idempotent)) throw error;
      await delay(Math.random() * Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1)), signal);
      if (signal.aborted) throw error;
      onRetry(error, attempt + 1);
    }
  }
}

/** Reads the field `retry`. */
export function readRetry(read: FieldReader): RetryOptions | undefined {
  const given = read.raw('retry');
  if (given === undefined) return undefined;
  const issues: Issue[] = read.issues;
  const fields = new FieldReader(given, issues, read.pathOf('retry'));
  const time = { min: 0, max: LONGEST_TIMER_MS } as const;
  if (fields.raw('attempts') === undefined) fields.addIssue('attempts', 'is required');
  const retry = {
    attempts: fields.number('attempts', 1, { min: 1, integer: true }),
    minDelayMs: fields.number('minDelayMs', DEFAULTS.minDelayMs, time),
    maxDelayMs: fields.number('maxDelayMs', DEFAULTS.maxDelayMs, time),
  };
  fields.rejectUnknown();
  return retry;
}

function mayRepeat(error: unknown, idempotent: boolean): boolean {
  return isIntersectError(error) && error.retryable && (idempotent || !error.mayHaveRun);
}
