import { type ConformanceHarness, missingNeeds, type Need } from './harness.js';
import { Stage } from './stage.js';

/** One promise of the transport contract, as data: any test runner can run it. */
export interface ConformanceCase {
  /** `group/name`; never changes its meaning. */
  readonly id: string;
  /** What a transport must do, as a sentence. */
  readonly title: string;
  /** What the harness must have, else the case is skipped. */
  readonly needs: readonly Need[];
  /** Rejects when the transport breaks the promise. Needs what `needs` says. */
  run(harness: ConformanceHarness): Promise<void>;
}

/** How a case ended. */
export type CaseResult =
  | { readonly status: 'passed'; readonly id: string; readonly title: string }
  | { readonly status: 'failed'; readonly id: string; readonly title: string; readonly error: unknown }
  | { readonly status: 'skipped'; readonly id: string; readonly title: string; readonly reason: string };

/** Runs one case, or skips it with the reason when the harness lacks something. Never rejects. */
export async function runCase(one: ConformanceCase, harness: ConformanceHarness): Promise<CaseResult> {
  const { id, title, needs } = one;
  const reason = missingNeeds(needs, harness);
  if (reason) return { status: 'skipped', id, title, reason };
  try {
    await one.run(harness);
    return { status: 'passed', id, title };
  } catch (error) {
    return { status: 'failed', id, title, error };
  }
}

export interface CaseDefinition {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly Need[];
  run(stage: Stage): Promise<void>;
}

/** A case that gets a stage of its own, with everything closed after it. */
export function defineCase({ id, title, needs = [], run }: CaseDefinition): ConformanceCase {
  return {
    id,
    title,
    needs,
    async run(harness) {
      await using stage = new Stage(harness);
      await run(stage);
    },
  };
}
