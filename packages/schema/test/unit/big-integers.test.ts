import { makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import { describe, expect, test } from 'vitest';
import { compileCheck } from '../../src/index.js';

const BIG = 9007199254740993n;
const checksOf = (schema: object) => [
  makeCheck(prepareSchema(schema)),
  compileCheck(schema),
  compileCheck(schema, { mode: 'lenient' }),
];

describe('a bigint is a number to every rule', () => {
  test.each<[object, unknown]>([
    [{ type: 'integer' }, BIG],
    [{ type: 'number' }, -BIG],
    [{ type: ['string', 'integer'] }, BIG],
    [{ type: 'integer', maximum: 2 ** 63, minimum: -(2 ** 63) }, 2n ** 63n],
    [{ minimum: 2 ** 53 }, BIG],
    [{ type: 'integer', multipleOf: 3 }, BIG],
    [{ type: 'number', multipleOf: 0.5 }, BIG],
    [{ type: 'integer', format: 'int64' }, BIG],
    [{ enum: [2 ** 53] }, 2n ** 53n],
    [{ const: { a: [2 ** 53] } }, { a: [2n ** 53n] }],
    [{ type: 'array', uniqueItems: true }, [BIG, BIG + 1n, { a: BIG }, { a: BIG + 1n }]],
    [{ type: 'object', properties: { n: { type: 'integer' } }, additionalProperties: false }, { n: BIG }],
    [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer' } }] }, [1, BIG]],
    [{ type: 'object', properties: { n: { type: 'integer' } }, unevaluatedProperties: false }, { n: BIG }],
  ])('%j is fitted', (schema, value) => {
    for (const check of checksOf(schema)) expect(check(value)).toEqual({ ok: true, value });
  });

  test.each<[object, unknown, string]>([
    [{ type: 'string' }, BIG, 'must be a string, got bigint'],
    [{ maximum: 2 ** 53 }, BIG, 'must be at most 9007199254740992'],
    [{ exclusiveMinimum: 2 ** 53 }, 2n ** 53n, 'must be more than 9007199254740992'],
    [{ type: 'integer', multipleOf: 2 }, BIG, 'must be a multiple of 2'],
    [{ type: 'integer', format: 'int32' }, BIG, "must be text in the format 'int32'"],
    [{ enum: [2 ** 53] }, BIG, 'must be one of 9007199254740992'],
    [{ not: { type: 'integer' } }, BIG, 'is of a kind that is not allowed'],
  ])('%j is not fitted', (schema, value, message) => {
    for (const check of checksOf(schema))
      expect(check(value)).toEqual({ ok: false, issues: [{ path: '', message }] });
  });

  test('the same item twice is found, whichever kinds of number it has', () => {
    for (const list of [
      [BIG, BIG],
      [2 ** 53, 2n ** 53n],
      [{ a: [BIG] }, { a: [BIG] }],
    ]) {
      const [closures, compiled, lenient] = checksOf({ type: 'array', uniqueItems: true });
      expect([closures?.(list).ok, compiled?.(list).ok]).toEqual([false, false]);
      expect(lenient?.(list)).toEqual({ ok: true, value: [list[0]] });
    }
  });

  test('and to the conversions of the reference', () => {
    const schema = {
      type: 'object',
      properties: { at: { type: 'string', format: 'duration' }, n: { type: 'integer', default: 1 } },
    };
    const check = compileCheck(schema, { mode: 'lenient' });
    expect(check({ at: 5n, n: BIG })).toEqual({ ok: true, value: { at: 'PT5S', n: BIG } });
    expect([check({ at: BIG }).ok, check({ at: Number(BIG) }).ok]).toEqual([false, false]);
  });

  test('a schema itself has none', () => {
    for (const schema of [
      { const: 5n },
      { default: 5n },
      { maximum: 5n },
      { enum: [{ a: 5n }] },
      { minItems: 1n },
    ]) {
      expect(() => compileCheck(schema)).toThrow('cannot be carried as JSON');
    }
  });

  test('a value that goes round in circles is looked at in a time that has an end', () => {
    const circle: Record<string, unknown> = {};
    for (const name of ['a', 'b', 'c']) circle[name] = [circle, circle];
    expect(compileCheck({ type: 'object' })(circle).ok).toBe(true);
  });
});
