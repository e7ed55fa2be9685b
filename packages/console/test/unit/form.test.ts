import type { JsonSchema } from '@intersect-sdk/schema/document';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argumentCheckOf } from '../../src/state/form/argument-check.js';
import { FORM_FORMATS, formSchemaOf, plainSchemaOf } from '../../src/state/form/form-schema.js';
import { errorsAtFields, formValidatorOf, plain } from '../../src/state/form/form-validator.js';

const definitions = {
  Mode: { type: 'string', enum: ['slow', 'fast'], title: 'Mode' },
  Scan: {
    title: 'Scan',
    type: 'object',
    properties: {
      steps: { type: 'integer', default: 3 },
      mode: { $ref: '#/components/schemas/Mode', default: 'slow' },
    },
  },
} as const satisfies Record<string, JsonSchema>;

type Drawn = Record<string, unknown> & { properties: Record<string, Record<string, unknown>> };
const drawn = (schema: JsonSchema): Drawn => formSchemaOf(schema, definitions) as Drawn;

describe('the form of a schema', () => {
  test('shows the default that is given, not that of the model', () => {
    const schema = {
      allOf: [{ $ref: '#/components/schemas/Scan' }],
      default: { steps: 10, mode: 'fast' },
    };
    const { properties } = drawn(schema);
    expect(properties.steps?.default).toBe(10);
    expect(properties.mode?.default).toBe('fast');
  });

  test('has tuples, anything, constants, files and required check boxes in the words of the library', () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['on'],
      properties: {
        pair: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }] },
        any: { title: 'Any' },
        kind: { const: 'a' },
        on: { type: 'boolean' },
        off: { type: 'boolean' },
        text: { type: 'string', format: 'binary' },
        map: { type: 'object', additionalProperties: true },
      },
    };
    const { pair, any, kind, on, off, text, map } = drawn(schema).properties;
    expect(pair).toEqual({
      type: 'array',
      items: [{ type: 'integer' }, { type: 'string' }],
      additionalItems: false,
    });
    expect(any).toEqual({ title: 'Any', type: 'string', format: FORM_FORMATS.json });
    expect(kind).toMatchObject({ default: 'a', format: FORM_FORMATS.const });
    expect([on?.default, off?.default]).toEqual([false, undefined]);
    expect(text).toEqual({ type: 'string' });
    expect(map?.additionalProperties).toMatchObject({ format: FORM_FORMATS.json });
  });

  test('names the forms of a union by what they are', () => {
    const { anyOf } = drawn({
      anyOf: [{ type: 'integer' }, { type: 'string' }, { title: 'Own', type: 'null' }],
    });
    expect((anyOf as { title: string }[]).map(({ title }) => title)).toEqual(['integer', 'string', 'Own']);
  });

  test('is turned back to be checked', () => {
    const schema = { type: 'array', prefixItems: [{ type: 'integer' }, { title: 'Any' }], items: false };
    expect(plainSchemaOf(formSchemaOf(schema, {}))).toEqual({
      type: 'array',
      prefixItems: [{ type: 'integer' }, {}],
      items: false,
    });
  });
});

describe('problems', () => {
  const schema: JsonSchema = {
    type: 'object',
    required: ['inner', 'list'],
    properties: {
      inner: { type: 'object', required: ['x'], properties: { x: { type: 'integer' } } },
      list: { type: 'array', items: { type: 'number', minimum: 1 } },
    },
  };
  const check = argumentCheckOf(schema, {});

  test('stand at their fields', () => {
    const issues = check({ inner: { x: 'no' }, list: [5, 0] });
    expect(errorsAtFields(issues)).toMatchObject({
      inner: { x: { __errors: [expect.stringContaining('whole number')] } },
      list: { 1: { __errors: [expect.stringContaining('at least 1')] } },
    });
    expect(errorsAtFields(check({ list: [] }))).toMatchObject({ inner: { __errors: ['is required'] } });
  });

  test('are those of the whole argument where there is none', () => {
    expect(check(undefined)).toEqual([{ path: '', message: 'is required' }]);
  });

  test('are none where the schema can not be used: the service judges', () => {
    expect(argumentCheckOf({ $ref: '#/nowhere' }, {})({ any: 'thing' })).toEqual([]);
  });

  test('choose the form of a union that fits', () => {
    const validator = formValidatorOf(check);
    const root = formSchemaOf({ $ref: '#/components/schemas/Scan' }, definitions);
    expect(validator.isValid({ $ref: '#/components/schemas/Scan' }, { steps: 1 }, root)).toBe(true);
    expect(validator.isValid({ $ref: '#/components/schemas/Scan' }, { steps: 'x' }, root)).toBe(false);
  });
});

/** Kinds of fields: a schema, values that fit it, and values that do not. */
const KINDS: readonly (readonly [JsonSchema, good: fc.Arbitrary<unknown>, bad: fc.Arbitrary<unknown>])[] = [
  [
    { type: 'integer', minimum: 0 },
    fc.nat(),
    fc.oneof(fc.string(), fc.integer({ max: -1 }), fc.constant(1.5)),
  ],
  [{ type: 'string', pattern: '^[a-z]+$' }, fc.constantFrom('a', 'xyz'), fc.constantFrom('', 'A', 'a1', 3)],
  [{ enum: ['a', 2, true] }, fc.constantFrom('a', 2, true), fc.constantFrom('b', '2', null)],
  [
    { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    fc.oneof(fc.integer(), fc.constant(null)),
    fc.constantFrom('x', 0.5, {}),
  ],
  [{ type: 'string', format: 'date' }, fc.constant('2026-02-28'), fc.constantFrom('2026-02-30', 'today', 1)],
  [{ type: 'array', items: { type: 'number' } }, fc.array(fc.integer()), fc.constantFrom({}, 'x', 1)],
];

test('every wrong value is marked at its field and at no other, whichever they are', () => {
  const field = fc
    .record({ kind: fc.nat({ max: KINDS.length - 1 }), isWrong: fc.boolean() })
    .chain(({ kind, isWrong }) => {
      const [schema, good, bad] = KINDS[kind] ?? [true, fc.constant(null), fc.constant(null)];
      return fc.record({
        schema: fc.constant(schema),
        isWrong: fc.constant(isWrong),
        value: isWrong ? bad : good,
      });
    });
  const fields = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), field, {
    minKeys: 1,
    maxKeys: 6,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fields, (chosen) => {
      const entries = Object.entries(chosen);
      const properties = Object.fromEntries(entries.map(([name, { schema }]) => [name, schema]));
      const inner = { type: 'object', properties } as JsonSchema;
      const check = argumentCheckOf({ type: 'object', properties: { inner } }, {});
      const value = Object.fromEntries(entries.map(([name, each]) => [name, each.value]));
      const marked = errorsAtFields(check({ inner: value })) as { inner?: Record<string, unknown> };
      const wrong = entries.flatMap(([name, { isWrong }]) => (isWrong ? [name] : []));
      expect(Object.keys(marked.inner ?? {}).toSorted()).toEqual(wrong.toSorted());
    }),
  );
});

test('what is sent has no fields without a value', () => {
  expect(plain({ a: undefined, b: [undefined, { c: undefined }], d: null })).toEqual({
    b: [null, {}],
    d: null,
  });
});
