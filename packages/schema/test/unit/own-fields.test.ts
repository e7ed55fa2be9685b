import { type Check, makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import { describe, expect, test } from 'vitest';
import { compileCheck, type JsonSchema } from '../../src/index.js';

const CHECKERS: readonly (readonly [string, (schema: JsonSchema) => Check])[] = [
  ['the checker of contracts', (schema) => makeCheck(prepareSchema(schema))],
  ['the compiled check', (schema) => compileCheck(schema)],
  ['the lenient check', (schema) => compileCheck(schema, { mode: 'lenient' })],
];
const INHERITED = ['toString', 'valueOf', 'constructor', 'hasOwnProperty'];
const json = (text: string): unknown => JSON.parse(text);

describe.each(CHECKERS)('what an object inherits is no field of it: %s', (_name, compile) => {
  test.each(INHERITED)('%s', (name) => {
    const properties = json(`{ "${name}": { "type": "integer" } }`);
    const withField = json(`{ "${name}": 1 }`);
    const withOther = json(`{ "${name}": "x" }`);
    const verdicts = (schema: JsonSchema, ...values: unknown[]) =>
      values.map((value) => compile(schema)(value).ok);

    expect(verdicts({ type: 'object', required: [name] }, {}, withField)).toEqual([false, true]);
    expect(verdicts({ type: 'object', properties }, {}, withField, withOther)).toEqual([true, true, false]);
    expect(
      verdicts({ properties: { [`${name}x`]: true }, additionalProperties: false }, {}, withField),
    ).toEqual([true, false]);
    expect(verdicts({ dependentRequired: json(`{ "${name}": ["a"] }`) as never }, {}, withField)).toEqual([
      true,
      false,
    ]);
    expect(
      verdicts({ dependentSchemas: json(`{ "${name}": { "required": ["a"] } }`) }, {}, withField),
    ).toEqual([true, false]);
    expect(verdicts({ patternProperties: { [name]: { type: 'integer' } } }, {}, withOther)).toEqual([
      true,
      false,
    ]);
    expect(verdicts({ minProperties: 1 }, {}, withField)).toEqual([false, true]);
    const tagged = { oneOf: [{ required: [name] }, { required: ['kind'] }] };
    expect(verdicts(tagged, { kind: 1 }, {})).toEqual([true, false]);
  });
});

test('a default of an inherited name is filled in', () => {
  const schema = { properties: { toString: { type: 'integer', default: 5 } } };
  expect(compileCheck(schema, { mode: 'lenient' })({})).toEqual({ ok: true, value: { toString: 5 } });
});

test('a payload with __proto__ has that field, and nothing else of it is believed', () => {
  const value = json('{"__proto__": {"a": 1}}');
  for (const [, compile] of CHECKERS) {
    expect(compile({ required: ['a'] })(value).ok).toBe(false);
    expect(compile({ required: ['__proto__'] })(value).ok).toBe(true);
    expect(compile({ additionalProperties: false })(value).ok).toBe(false);
  }
});
