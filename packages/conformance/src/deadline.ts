import { ConformanceFailure } from './check.js';

/** Fails when the promise does not settle in time. */
export async function within<T>(promise: PromiseLike<T>, what: string, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConformanceFailure(`${what}: not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Looks again and again until it holds, for what nothing announces; fails after the time. No timer of
 * its own is running while it looks.
 */
export async function eventually(holds: () => boolean, what: string, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new ConformanceFailure(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
