import { MOST_PARTS, type PatternNode, partsOf, Unreadable } from './pattern-node.js';
import type { Dialect } from './read/dialect.js';
import { readPattern } from './read/read-pattern.js';
import { Automaton } from './run/automaton.js';
import { onceIfLong } from './run/long-texts.js';
import { addFirstSteps, spendPatternSteps } from './run/pattern-steps.js';
import { unite } from './run/unite.js';

/** Tries texts on a pattern. */
export interface TextPattern {
  test(text: string): boolean;
  /** As it was given; tells patterns apart. */
  toString(): string;
}

/** What a pattern adds when it is tried for the first time, since a schema may have hundreds, and ways that are long, such as `.{0,4096}`. */
const FIRST_STEPS = 500;
const FIRST_STEPS_PER_PART = 8;
const MOST_FIRST_STEPS_OF_PARTS = 40_000;
const LONGEST = 20_000;
const LARGEST_CACHE = 200;
const NO_PATTERN = 'is no regular expression of Python, Rust or JavaScript';
const known = new Map<string, TextPattern | string>();

/** Why a pattern can't be checked, as the rest of a sentence; undefined where it can. */
export function whyUnchecked(pattern: string): string | undefined {
  const found = patternOf(pattern);
  return typeof found === 'string' ? found : undefined;
}

/** Whether a text is a pattern, be it one that can't be checked. */
export function isPattern(text: string): boolean {
  return make(text) !== NO_PATTERN;
}

/**
 * A pattern with the meaning that it has for the reference: a text fits that fits in Rust or in Python, since a schema does not
 * say which of the two its author has. What neither can read is read as JavaScript. Every text fits a pattern that can't be checked.
 * Throws TooManyPatternSteps when a text is tried that takes too long.
 */
export function compilePattern(pattern: string): TextPattern {
  const found = patternOf(pattern);
  return typeof found === 'string' ? { test: () => true, toString: () => pattern } : found;
}

function patternOf(pattern: string): TextPattern | string {
  const found = known.get(pattern) ?? make(pattern);
  if (known.size >= LARGEST_CACHE) known.clear();
  known.set(pattern, found);
  return found;
}

function make(pattern: string): TextPattern | string {
  if (pattern.length > LONGEST) return `is longer than ${LONGEST} characters`;
  spendPatternSteps(pattern.length);
  const reasons: string[] = [];
  const rust = read(pattern, 'rust', reasons);
  const python = read(pattern, 'python', reasons);
  const node =
    rust && python ? unite(rust, python) : (rust ?? python ?? read(pattern, 'javascript', reasons));
  if (node) return lazily(node, pattern);
  const reason = reasons.find(Boolean);
  return reason === undefined ? NO_PATTERN : `has ${reason}`;
}

/** What a dialect makes of a pattern, if it can read it. */
function read(pattern: string, dialect: Dialect, reasons: string[]): PatternNode | undefined {
  try {
    const node = readPattern(pattern, dialect);
    if (partsOf(node) > MOST_PARTS)
      throw new Unreadable(`more than ${MOST_PARTS} parts, repetitions counted`);
    return node;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    reasons.push(error.message);
    return undefined;
  }
}

/** Most patterns of a large schema are never needed. */
function lazily(node: PatternNode, pattern: string): TextPattern {
  let automaton: Automaton | undefined;
  return {
    toString: () => pattern,
    test: onceIfLong((text) => {
      if (!automaton) {
        const parts = partsOf(node);
        addFirstSteps(FIRST_STEPS + Math.min(FIRST_STEPS_PER_PART * parts, MOST_FIRST_STEPS_OF_PARTS));
        spendPatternSteps(parts);
        automaton = new Automaton(node);
      }
      return automaton.test(text);
    }),
  };
}
