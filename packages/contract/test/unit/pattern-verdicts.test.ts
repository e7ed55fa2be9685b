import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compilePattern, whyUnchecked } from '../../src/pattern/patterns.js';
import { allowPatternSteps } from '../../src/pattern/run/pattern-steps.js';

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
const UNCHECKED: Readonly<Record<string, string>> = {
  '^(?!(?i)aws)[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}$':
    'is no regular expression of Python, Rust or JavaScript',
  '^(?![^:\\\\]*/action/|(?i).*<script>.*</script>.*)[^:\\\\]+$':
    'is no regular expression of Python, Rust or JavaScript',
  '^(?=(a+))a*b\\1$': 'has a reference to an earlier group',
  '^(a)?(?(1)b|c)$': 'has a choice that depends on an earlier group',
  '^[a-zA-Z0-9._\\-]+(?<!\\.git)$': 'has a look behind at more than one character',
  '^([\\+-]?\\d{4}(?!\\d{2}))((-?)((0[1-9]|1[0-2])(\\3([12]\\d|0[1-9]|3[01]))?|W([0-4]\\d|5[0-2])(-?[1-7])?|(00[1-9]|0[1-9]\\d|[12]\\d{2}|3([0-5]\\d|6[1-6])))([tT]((([01]\\d|2[0-3])((:?)[0-5]\\d)?|24\\:?00)([\\.,]\\d+(?!:))?)?(\\17[0-5]\\d([\\.,]\\d+)?)?([zZ]|([\\+-])([01]\\d|2[0-3]):?([0-5]\\d)?)?)?)?$':
    'has a reference to an earlier group',
};

// Counted repetitions of counted repetitions: beyond some length of text the check ends, and says that it takes too long.
const GIVEN_UP = ['(?!.{65})(a?){40}a{40}$', '(.{1,100}){1,100}x$', '^(?:[a-z]{0,50}){0,50}$'];

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

  test('come to their end on texts of 20,000 characters, within the steps of one check', () => {
    const tails = ['', '!', '\n', 'x'];
    const beginnings = ['a', ' ', 'ab', 'a.', 'aB1-=;'];
    const slow = entries.flatMap(({ pattern, texts }) => {
      const compiled = compilePattern(pattern);
      const good = texts.find(([text, by]) => by !== undefined && text !== '')?.[0] ?? 'a';
      return [...beginnings, good].flatMap((text) => {
        allowPatternSteps(300_000);
        try {
          for (const tail of tails) compiled.test(text.repeat(20_000 / text.length) + tail);
          return [];
        } catch {
          return [pattern];
        } finally {
          allowPatternSteps(Number.POSITIVE_INFINITY);
        }
      });
    });
    expect([...new Set(slow)].filter((pattern) => !GIVEN_UP.includes(pattern))).toEqual([]);
  });

  test.each(entries.filter(({ readBy }) => readBy.length > 0))(
    '$pattern takes what pydantic takes, and nothing else',
    ({ pattern, texts }) => {
      const compiled = compilePattern(pattern);
      const different = texts.filter(([text, ...takenBy]) => compiled.test(text) !== takenBy.length > 0);
      const refused = texts.filter(([text, ...takenBy]) => takenBy.length > 0 && !compiled.test(text));
      expect(Object.hasOwn(UNCHECKED, pattern) ? refused : different).toEqual([]);
    },
  );
});
