import { TransportError } from '@intersect-sdk/core';
import { onAbort } from '@intersect-sdk/core/internal';

export function abortedError(what: string, signal: AbortSignal): TransportError {
  return new TransportError('ABORTED', `${what} was aborted by the caller's signal.`, {
    cause: signal.reason,
  });
}

/** Waits for the promise, but no longer than until the signal aborts; the promise itself goes on. */
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

/** Waits for the promise, but no longer than the time; tells whether it settled. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      promise.then(
        () => true,
        () => true,
      ),
      delay(ms, limit.signal).then(() => false),
    ]);
  } finally {
    limit.abort();
  }
}
