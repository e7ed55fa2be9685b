import { type Check, makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import { describe, expect, test } from 'vitest';
import { compileCheck, type JsonSchema } from '../../src/index.js';

const CHECKERS: readonly (readonly [string, (schema: JsonSchema) => Check])[] = [
  ['the checker of contracts', (schema) => makeCheck(prepareSchema(schema))],
  ['the compiled check', (schema) => compileCheck(schema)],
  ['the lenient check', (schema) => compileCheck(schema, { mode: 'lenient' })],
];

const MEBIBYTE = 2 ** 20;
const text = (pattern: string): JsonSchema => ({ type: 'string', pattern });
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const filled = (part: string, length: number): string => part.repeat(Math.ceil(length / part.length));
/** Chinese characters, each one once. */
const page = (count: number): string =>
  many(count, (n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join('');

const BASE64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const uuid = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

const GOOD: readonly (readonly [string, () => readonly [JsonSchema, unknown]])[] = [
  [
    'hundreds of patterns, each of them once',
    () => [
      {
        properties: Object.fromEntries(many(600, (n) => [`f${n}`, text(`^[a-z]{1,10}-${n}-[A-Z0-9_]+$`)])),
      },
      Object.fromEntries(many(600, (n) => [`f${n}`, `sample-${n}-RUN_12`])),
    ],
  ],
  ['10,000 names under one pattern', () => [{ items: text('^\\w+$') }, many(10_000, (n) => `sample${n}`)]],
  ['10,000 UUIDs under one pattern', () => [{ items: text(UUID) }, many(10_000, uuid)]],
  ['a page of Chinese', () => [text('^\\w+$'), page(3000)]],
  ['20,000 characters, each one once', () => [text('^[^<>&]*$'), page(20_000)]],
  ['1 MiB of anything', () => [text('^[\\s\\S]*$'), filled('a word, an é and a 数\n', MEBIBYTE)]],
  ['1 MiB of words', () => [text('\\w+'), filled('word ', MEBIBYTE)]],
  ['1 MiB of word characters', () => [text('^\\w+$'), filled('word_', MEBIBYTE)]],
  ['12 MiB of fields between commas', () => [text('^([^,\\n]*,)*$'), filled('12.5,abc,', 12 * MEBIBYTE)]],
  ['16 MiB of base64', () => [text(BASE64), filled('aGVsbG8h', 16 * MEBIBYTE)]],
  ['4,000 characters where 4,096 may be', () => [text('^[\\s\\S]{0,4096}$'), filled('some text ', 4000)]],
];

describe.each(CHECKERS)('texts of real use are not too long for %s', (_name, compile) => {
  test.each(GOOD)('%s', (_what, make) => {
    const [schema, value] = make();
    const result = compile(schema)(value);
    expect(result.ok ? [] : result.issues).toEqual([]);
  });
});
