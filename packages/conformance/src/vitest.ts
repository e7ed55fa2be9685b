import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conformanceCases } from './conformance-cases.js';
import { type ConformanceHarness, missingNeeds } from './harness.js';

export type { ConformanceHarness } from './harness.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test does not run. */
    skipReason?: string;
    /** Cases that make no test, since the transport does not promise what they are about. */
    notPromised?: readonly { readonly id: string; readonly title: string; readonly skipReason: string }[];
  }
}

export interface DescribeOptions {
  /**
   * The ids of the cases that can't run because of what the transport does not promise. They make no test each, but one together, which
   * fails unless these are all of them.
   * @default none: a case that can't run is a skipped test
   */
  readonly notPromised?: readonly string[] | undefined;
}

/** A case waits for many things, each with its own deadline; this is only the last resort, also on a machine that is busy with other things. */
const CASE_TIMEOUT_MS = 300_000;

/**
 * Makes a suite with one test for each case. A case that the harness can't run is reported as skipped,
 * with the reason in its title, unless `notPromised` names it. `makeHarness` is called at once, to see what it can do; it must not
 * connect: that is what the harness's `start` is for.
 */
export function describeConformance(
  name: string,
  makeHarness: () => ConformanceHarness,
  { notPromised }: DescribeOptions = {},
): void {
  describe(`conformance of ${name}`, () => {
    const harness = makeHarness();
    beforeAll(() => harness.start?.());
    afterAll(() => harness.stop?.());
    const left: { id: string; title: string; skipReason: string }[] = [];
    for (const { id, title, needs, run } of conformanceCases) {
      const skipReason = missingNeeds(needs, harness);
      if (skipReason && notPromised?.includes(id)) {
        left.push({ id, title, skipReason });
      } else if (skipReason) {
        it(`${id}: ${title} (skipped: ${skipReason})`, { skip: true, meta: { skipReason } }, () => {});
      } else {
        it(`${id}: ${title}`, { timeout: CASE_TIMEOUT_MS }, () => run(harness));
      }
    }
    if (notPromised) {
      it('what it does not promise is what it says', { meta: { notPromised: left } }, () => {
        expect(left.map(({ id }) => id).sort()).toEqual([...notPromised].sort());
      });
    }
  });
}
