import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compilePattern, whyUnchecked } from '../../src/pattern/patterns.js';

interface Entry {
  readonly pattern: string;
  /** Where it comes from: a schema, or what was written about slow patterns. */
  readonly source: string;
  /** The engines of pydantic that can read it. */
  readonly readBy: readonly string[];
  /** Texts, each with the engines that take it. */
  readonly texts: readonly (readonly [text: string, ...takenBy: string[]])[];
}

// Recorded from pydantic 2.14 by fixtures/record_patterns.py.
const entries = JSON.parse(
  readFileSync(new URL('../fixtures/patterns.json', import.meta.url), 'utf8'),
) as readonly Entry[];

// What is left unchecked, and said so.
const UNCHECKED: Readonly<Record<string, string>> = {};

describe('the 200 patterns', () => {
  test('are 200', () => {
    expect(new Set(entries.map(({ pattern }) => pattern)).size).toBe(200);
  });

  test('are checked, but for those that are named here with the reason', () => {
    const reasons = entries.flatMap(({ pattern }) => {
      const reason = whyUnchecked(pattern);
      return reason === undefined ? [] : [[pattern, reason]];
    });
    expect(Object.fromEntries(reasons)).toEqual(UNCHECKED);
  });

  test.each(entries.filter(({ readBy }) => readBy.length > 0))(
    '$pattern takes what pydantic takes, and nothing else',
    ({ pattern, texts }) => {
      const compiled = compilePattern(pattern);
      const different = texts.filter(([text, ...takenBy]) => compiled.test(text) !== takenBy.length > 0);
      expect(pattern in UNCHECKED ? different.filter(([, ...by]) => by.length > 0) : different).toEqual([]);
    },
  );
});
