import type { TestContext } from 'vitest';

/** Skips the test, with the reason why this machine can't run it, and fails it where brokers are required. */
export function skipWithout(reason: string, { task, skip }: Pick<TestContext, 'task' | 'skip'>): never {
  if (process.env.INTERSECT_REQUIRE_BROKERS === '1') {
    throw new Error(`INTERSECT_REQUIRE_BROKERS is set, but ${reason}`);
  }
  task.meta.skipReason = reason;
  return skip(reason);
}
