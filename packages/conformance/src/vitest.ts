import { afterAll, beforeAll, describe, it } from 'vitest';
import { conformanceCases } from './conformance-cases.js';
import { type ConformanceHarness, missingNeeds } from './harness.js';

export type { ConformanceHarness } from './harness.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test does not run. */
    skipReason?: string;
  }
}

/** A case waits for many things, each with its own deadline; this is only the last resort. */
const CASE_TIMEOUT_MS = 60_000;

/**
 * Makes a suite with one test for each case. A case that the harness can't run is reported as skipped,
 * with the reason in its title. `makeHarness` is called at once, to see what it can do; it must not
 * connect: that is what the harness's `start` is for.
 */
export function describeConformance(name: string, makeHarness: () => ConformanceHarness): void {
  describe(`conformance of ${name}`, () => {
    const harness = makeHarness();
    beforeAll(() => harness.start?.());
    afterAll(() => harness.stop?.());
    for (const { id, title, needs, run } of conformanceCases) {
      const skipReason = missingNeeds(needs, harness);
      if (skipReason) {
        it(`${id}: ${title} (skipped: ${skipReason})`, { skip: true, meta: { skipReason } }, () => {});
      } else {
        it(`${id}: ${title}`, { timeout: CASE_TIMEOUT_MS }, () => run(harness));
      }
    }
  });
}
