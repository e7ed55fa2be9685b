import { TransportError } from '../errors/errors.js';
import { onAbort } from './on-abort.js';

/** The longest time that a timer can be set to, in ms; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The error ABORTED. `what` says what the caller's signal ended, as the beginning of a sentence. */
export function abortedError(what: string, signal: AbortSignal): TransportError {
  return new TransportError('ABORTED', `${what} was aborted by the caller's signal.`, {
    cause: signal.reason,
  });
}

/** Settles as the promise does, or rejects with ABORTED as soon as the signal aborts; the promise itself goes on. */
export function untilAborted<T>(
  promise: Promise<T>,
  what: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) return Promise.reject(abortedError(what, signal));
  return new Promise<T>((resolve, reject) => {
    const stopWaiting = onAbort(signal, () => reject(abortedError(what, signal)));
    promise.then(resolve, reject).finally(stopWaiting);
  });
}

/** Resolves after the time, or at once when the signal aborts. Leaves no timer behind. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      stopWaiting();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const stopWaiting = onAbort(signal, done);
  });
}

/** Settles as the promise does, or rejects with what `late` makes when the time is over; the promise itself goes on. */
export async function within<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the promise, but no longer than the time. Returns whether it has resolved or rejected by then. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const limit = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, delay(ms, limit.signal).then(() => false)]);
  } finally {
    limit.abort();
  }
}
