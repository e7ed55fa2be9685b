import { type Check, makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import type { Issue } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { compileCheck, type JsonSchema } from '../../src/index.js';

// Both stand on one translation and give one verdict.
const CHECKERS: readonly (readonly [string, (schema: JsonSchema) => Check])[] = [
  ['the checker of contracts', (schema) => makeCheck(prepareSchema(schema))],
  ['the compiled check', (schema) => compileCheck(schema)],
  ['the lenient check', (schema) => compileCheck(schema, { mode: 'lenient' })],
];

const FORMS: readonly (readonly [string, (pattern: string) => JsonSchema, (text: string) => unknown])[] = [
  ['pattern', (pattern) => ({ type: 'string', pattern }), (text) => text],
  [
    'patternProperties',
    (pattern) => ({ patternProperties: { [pattern]: true }, additionalProperties: false }),
    (text) => ({ [text]: 1 }),
  ],
  ['propertyNames', (pattern) => ({ propertyNames: { pattern } }), (text) => ({ [text]: 1 })],
];

const DIALECTS: readonly (readonly [pattern: string, good: readonly string[], bad: readonly string[]])[] = [
  ['\\A[a-z]+\\z', ['abc'], ['Abcz', 'abc\n', '']],
  ['\\A[a-z]+$', ['abc'], ['Abc']],
  ['^[a-z]+\\Z', ['abc'], ['abc1']],
  ['\\A(?P<x>a|b)(?P=x)\\Z', ['aa', 'bb'], ['ab']],
  ['^(?P<year>\\d{4})$', ['2026'], ['26']],
  ['^\\w+$', ['müller', 'क्ष', 'a_1'], ['a b', '-']],
  ['^\\d+$', ['12', '٣'], ['a']],
  ['^\\s+$', [' \u00a0\u2028', '\x1c'], ['a']],
  ['\\bé\\b', ['é', 'a é b'], ['éa']],
  ['(?i)^straße$', ['STRAßE', 'straße'], ['strasse']],
  ['(?m)^b$', ['a\nb\nc'], ['a b']],
  ['(?s)^a.b$', ['a\nb'], ['ab']],
  ['^a.b$', ['a b'], ['a\nb']],
  ['(?x) ^ a b  # words\n $', ['ab'], ['a b']],
  ['(?a)^\\w+$', ['abc'], ['é']],
  ['^a++b$', ['aab'], ['b']],
  ['^(?>a+)b$', ['aab'], ['b']],
  ['^\\p{Lu}\\p{Ll}+$', ['Émile'], ['emile']],
  ['^\\p{Greek}+$', ['αβγ'], ['abc']],
  ['^[[:alpha:]]+$', ['abc'], ['a1']],
  ['^[\\w-.]+$', ['a-b.c'], ['a b']],
  ['^(?!.*\\.\\.)[a-z.]+$', ['a.b'], ['a..b']],
  ['^(?=.*[A-Z])(?=.*\\d).{4,}$', ['abC1'], ['abc1', 'A1']],
  ['^([A-Z][a-z]?\\d*)+$', ['C6H12O6', 'NaCl'], ['h2o']],
  ['^([a-z]+\\d+)+$', ['ab1c22'], ['ab']],
  ['^[\\-\\.\\/\\@]$', ['@'], ['a']],
  ['', ['', 'a'], []],
];

describe.each(CHECKERS)('%s', (_name, compile) => {
  test.each(
    FORMS.flatMap(([keyword, schemaOf, wrap]) =>
      DIALECTS.map(([pattern, good, bad]) => ({ keyword, pattern, good, bad, schemaOf, wrap })),
    ),
  )('$keyword $pattern', ({ pattern, good, bad, schemaOf, wrap }) => {
    const check = compile(schemaOf(pattern));
    expect(good.filter((text) => !check(wrap(text)).ok)).toEqual([]);
    expect(bad.filter((text) => check(wrap(text)).ok)).toEqual([]);
  });

  test.each(['^(a|a)*$', '^(a+)+$', '(.*)*x', '^(a|b|ab)*c', '\\s+$', '.*.*=.*;', '^(?=(.*a){9})b'])(
    'tries %s on a text of 100,000 characters within its steps',
    (pattern) => {
      const check = compile({ type: 'string', pattern });
      for (const text of ['a'.repeat(100_000), `${' '.repeat(100_000)}!`, `${'ab'.repeat(50_000)}!`]) {
        const result = check(text);
        if (!result.ok)
          expect(result.issues).toEqual([{ path: '', message: expect.stringMatching('^must match') }]);
      }
    },
  );

  test('ends where the texts of a value are too long for its patterns, and says so', () => {
    const check = compile({ type: 'array', items: { type: 'string', pattern: '(.{1,3000})x' } });
    const list = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(4000, 'ab\u00e9'));
    expect(check(list)).toEqual({
      ok: false,
      issues: [
        { path: '', message: 'takes too long to check: its texts are too long for the patterns of its type' },
      ],
    });
    expect(check(['abx'])).toMatchObject({ ok: true });
  });

  const DEAR = '(.{1,3000})x';
  const LONG = 'ab\u00e91'.repeat(20_000);
  test.each<[where: string, schema: JsonSchema, value: unknown]>([
    ['a text', { pattern: DEAR }, LONG],
    ['the name of a field', { patternProperties: { [DEAR]: { type: 'integer' } } }, { [LONG]: 1 }],
    ['a type by its name', { $defs: { T: { not: { pattern: DEAR } } }, $ref: '#/$defs/T' }, LONG],
    [
      'texts that are patterns',
      { items: { format: 'regex' } },
      Array.from({ length: 20 }, (_, n) => `${n}`.padEnd(19_000, 'a')),
    ],
  ])('is bounded wherever there are patterns: %s', (_, schema, value) => {
    expect(compile(schema)(value)).toMatchObject({
      issues: [{ message: expect.stringMatching('^takes too long to check') }],
    });
  });
});

describe('a pattern that cannot be checked', () => {
  const UNCHECKED: readonly (readonly [pattern: string, reason: string])[] = [
    ['^(a)?(?(1)b|c)$', 'has a choice that depends on an earlier group'],
    ['^(\\w+) \\1$', 'has a reference to an earlier group'],
    ['(?>a|ab)c', 'has an atomic group'],
    ['^(?:ab)++$(?=)', 'has a possessive repetition of more than one character'],
    ['(?<=ab)c', 'has a look behind at more than one character'],
    ['\\N{DIGIT ONE}', 'has a character by its name'],
    ['((a{1000}){1000}){1000}', 'has more than 40000 parts, repetitions counted'],
    ['(', 'is no regular expression of Python, Rust or JavaScript'],
    ['('.repeat(5000) + ')'.repeat(5000), 'has groups nested too deep'],
  ];

  test.each(UNCHECKED)('%s is left out alone, and told of once', (pattern, reason) => {
    const told: Issue[] = [];
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', minLength: 2, pattern }, b: { type: 'integer' } },
    };
    const check = compileCheck(schema, { onUnchecked: (issue) => told.push(issue) });
    expect(told).toEqual([{ path: 'properties.a.pattern', message: expect.stringContaining(reason) }]);
    expect(check({ a: 'any text', b: 1 }).ok).toBe(true);
    expect(check({ a: 'x', b: 'x' })).toMatchObject({ issues: [{ path: 'a' }, { path: 'b' }] });
    expect(told).toHaveLength(1);
  });

  test('names no field that may be an unknown one', () => {
    const told: Issue[] = [];
    const schema = {
      patternProperties: { '^(a)?(?(1)b|c)$': { type: 'integer' } },
      propertyNames: { pattern: '(?>a|ab)c' },
      additionalProperties: false,
    };
    const check = compileCheck(schema, { onUnchecked: (issue) => told.push(issue) });
    expect(told.map(({ path }) => path)).toEqual(['patternProperties', 'propertyNames.pattern']);
    expect(check({ ab: 'x' }).ok).toBe(true);
  });
});
