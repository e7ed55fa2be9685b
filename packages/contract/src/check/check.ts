import type { Issue } from '@intersect-sdk/core';
import { forgetLongTexts } from '../pattern/run/long-texts.js';
import { allowPatternSteps, followTextsAgain, TooManyPatternSteps } from '../pattern/run/pattern-steps.js';
import { explain } from './explain.js';
import { type Failure, newRun, type Test, TooManySteps } from './run.js';
import type { PreparedSchema } from './schema/prepare-schema.js';
import { TestCompiler } from './test-compiler.js';

/** What a check says: the value to go on with, or everything that is wrong with it. */
export type CheckResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Checks a value. Never throws, never changes what it is given, and shows only its kinds and names of fields in the issues. */
export type Check = (value: unknown) => CheckResult;

/** What may be done otherwise in a check; both may throw TooManySteps when they followed so many references, or RangeError. */
export interface CheckSteps {
  /** Whether a value fits. Default: the compiled tests say so. */
  readonly fits?: ((value: unknown, steps: number) => boolean) | undefined;
  /** Makes of a value what is to be checked. Default: the value itself. */
  readonly convert?: ((value: unknown, steps: number) => unknown) | undefined;
}

// Types that are several kinds of themselves are tried in every combination; nothing else comes near these.
const MIN_STEPS = 50_000;
const STEPS_PER_PART = 20;

// Where the counting of a value ends, which may go round in circles.
const MOST_PARTS = 1_000_000;

// What patterns may take for one value, all together, beside what long texts and patterns that are tried first add. It bounds the work and
// promises no time: decision 19 has what was measured.
const PATTERN_STEPS = 45_000;

// What patterns that are tried for the first time may add, all together.
const FIRST_PATTERN_STEPS = 500_000;

// What is added where a value has more text: so much takes a text whose way is known, however long.
const CHARACTERS_PER_PATTERN_STEP = 100;

const MOST_PARTS_TO_EXPLAIN = 5_000;

/** The check of a prepared schema. It needs no `eval`; `steps.fits` is for what is faster where there is one. */
export function makeCheck(
  { root, definitions, usesPatterns }: PreparedSchema,
  steps: CheckSteps = {},
): Check {
  const test = new TestCompiler(definitions).compile(root);
  const { convert = (value) => value, fits = (value, left) => test(value, newRun(left)) } = steps;
  const checked = (given: unknown, left: number): CheckResult => {
    const value = convert(given, left);
    return fits(value, left) ? { ok: true, value } : { ok: false, issues: issuesOf(test, value, left) };
  };
  const check: Check = (given) => {
    try {
      try {
        return checked(given, MIN_STEPS);
      } catch (error) {
        if (!(error instanceof TooManySteps)) throw error;
        // Counted only now, because nearly no value comes here.
        return checked(given, MIN_STEPS + STEPS_PER_PART * partsOf(given, MOST_PARTS));
      }
    } catch (error) {
      return { ok: false, issues: [{ path: '', message: unfinished(error) }] };
    }
  };
  return usesPatterns ? withPatternSteps(check) : check;
}

/** Bounds what the patterns of a check take for one value. What that needs is made once, since it is run for each message. */
function withPatternSteps(check: Check): Check {
  let value: unknown;
  const further = {
    first: FIRST_PATTERN_STEPS,
    alongTexts: () => charactersOf(value, MOST_PARTS) / CHARACTERS_PER_PATTERN_STEP,
  };
  return (given) => {
    value = given;
    allowPatternSteps(PATTERN_STEPS, further);
    try {
      return check(given);
    } finally {
      value = undefined;
      allowPatternSteps(Number.POSITIVE_INFINITY);
      forgetLongTexts();
    }
  };
}

/** All issues, or the first one where collecting them all could fill the memory or take too long. */
function issuesOf(test: Test, value: unknown, steps: number): Issue[] {
  followTextsAgain();
  let failures: Failure[] = [];
  if (partsOf(value, MOST_PARTS_TO_EXPLAIN) <= MOST_PARTS_TO_EXPLAIN) {
    try {
      test(value, { ...newRun(MIN_STEPS), found: { failures, isThorough: true } });
      return explain(failures);
    } catch (error) {
      unfinished(error);
    }
  }
  failures = [];
  test(value, { ...newRun(steps), found: { failures, isThorough: false } });
  return explain(failures);
}

/** Why a check did not come to its end. Throws what is no reason for that. */
function unfinished(error: unknown): string {
  if (error instanceof TooManySteps) {
    return 'takes too long to check: its type is several kinds of itself, and it is nested deep';
  }
  if (error instanceof TooManyPatternSteps) {
    return 'takes too long to check: its texts are too long for the patterns of its type';
  }
  if (error instanceof RangeError) return 'is nested too deep';
  throw error;
}

/** How many values there are in a value, itself included; counts no further than a little beyond `limit`. */
function partsOf(value: unknown, limit: number): number {
  const pending = [value];
  let parts = 0;
  while (pending.length > 0 && parts <= limit) {
    const item = pending.pop();
    parts++;
    if (typeof item === 'object' && item !== null) {
      for (const part of Object.values(item)) pending.push(part);
    }
  }
  return parts;
}

/** How long the texts of a value are all together, names of fields included; looks at no more parts than `limit`. */
function charactersOf(value: unknown, limit: number): number {
  const pending = [value];
  let characters = 0;
  for (let parts = 0; pending.length > 0 && parts <= limit; parts++) {
    const item = pending.pop();
    if (typeof item === 'string') characters += item.length;
    if (typeof item !== 'object' || item === null) continue;
    for (const [name, part] of Object.entries(item)) {
      characters += Array.isArray(item) ? 0 : name.length;
      pending.push(part);
    }
  }
  return characters;
}
