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

describe.each(CHECKERS)('objects are compared by their fields alone: %s', (_name, compile) => {
  const NAMES = [...INHERITED, 'toJSON', '__proto__', 'length'];
  test.each(NAMES)('%s', (name) => {
    const make = (value: unknown): unknown => json(`{ "${name}": ${JSON.stringify(value)} }`);
    for (const content of [1, null, {}, [1], 'x']) {
      const verdicts = (schema: JsonSchema, ...values: unknown[]) =>
        values.map((value) => compile(schema)(value).ok);
      const [one, same, other] = [make(content), make(content), make('another')];

      expect(verdicts({ const: one }, same, other, {})).toEqual([true, false, false]);
      expect(verdicts({ const: { a: [one] } }, { a: [same] }, { a: [other] })).toEqual([true, false]);
      expect(verdicts({ const: {} }, same, {})).toEqual([false, true]);
      expect(verdicts({ enum: [1, one] }, same, other, 1)).toEqual([true, false, true]);
      expect(verdicts({ enum: ['x', [one]] }, [same], [other])).toEqual([true, false]);
      // A repeated item is left out where the reference reads a list into a set.
      const isSet = compile({ uniqueItems: true })([1, 1]).ok;
      expect(verdicts({ uniqueItems: true }, [one, same], [one, other], [one, {}])).toEqual([
        isSet,
        true,
        true,
      ]);
      const items = { type: ['object', 'string'] };
      expect(verdicts({ uniqueItems: true, items }, [one, same], [one, 'x'])).toEqual([isSet, true]);
      expect(verdicts({ anyOf: [{ const: one }, { enum: [[one]] }] }, same, [same], other)).toEqual([
        true,
        true,
        false,
      ]);
    }
  });

  test.each(NAMES)('a refused object with a field %s is explained', (name) => {
    const value = json(`{ "${name}": 1 }`);
    const results = [{ const: value }, { enum: [value] }].map((schema) => compile(schema)({ a: value }));
    expect(results.map(({ ok }) => ok)).toEqual([false, false]);
  });
});

test('a list of many different objects is found unique without comparing each with each', () => {
  const list = Array.from({ length: 20_000 }, (_, n) => ({ id: n, of: { list: 'x' } }));
  for (const [, compile] of CHECKERS.slice(0, 2)) {
    expect(compile({ uniqueItems: true, items: { type: 'object' } })(list).ok).toBe(true);
    expect(compile({ uniqueItems: true })([...list, { of: { list: 'x' }, id: 5 }]).ok).toBe(false);
  }
});
