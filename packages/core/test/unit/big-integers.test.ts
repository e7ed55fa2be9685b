import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { decodePayload, encodePayload } from '../../src/index.js';
import { decodeText } from '../../src/internal.js';

const JSON_TYPE = 'application/json';
const decoded = (json: string) =>
  decodePayload(new TextEncoder().encode(json), JSON_TYPE, { integers: 'bigint' });
const encoded = (value: unknown) => decodeText(encodePayload(value, JSON_TYPE));

/** Whole numbers that are no safe integers, of both signs and up to where a number ends. */
const bigInteger = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 2n ** 53n, max: BigInt(Number.MAX_VALUE) }))
  .map(([isNegative, size]) => (isNegative ? -size : size));

describe('whole numbers as bigints', () => {
  test.each<[string, unknown]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740991', -9007199254740991],
    ['-9007199254740993', -9007199254740993n],
    [' [ 1 , 12345678901234567890 ] ', [1, 12345678901234567890n]],
    ['{"a":{"b":[100000000000000000000,-0]}}', { a: { b: [100000000000000000000n, -0] } }],
    ['[1e20,1E+300,9007199254740992.0,922337203685477580800e-2]', [1e20, 1e300, 2 ** 53, 2 ** 63]],
    [
      '["9007199254740993","\\"9007199254740993",9007199254740993]',
      ['9007199254740993', '"9007199254740993', 9007199254740993n],
    ],
    ['{"9007199254740993":9007199254740993}', { '9007199254740993': 9007199254740993n }],
    ['{"a":9007199254740993,"a":9007199254740995}', { a: 9007199254740995n }],
    ['{"a":9007199254740993,"a":[]}', { a: [] }],
  ])('%s', (json, value) => expect(decoded(json)).toEqual(value));

  test('also behind many members and long texts', () => {
    const long = 'a\\'.repeat(1_000_000);
    const json = `[${JSON.stringify(long)},${'0,'.repeat(100_000)}9007199254740993]`;
    const list = decoded(json) as unknown[];
    expect([list[0] === long, list.length, list.at(-1)]).toEqual([true, 100_002, 9007199254740993n]);
  });

  test('a key __proto__ is an ordinary field', () => {
    const value = decoded('{"__proto__":{"polluted":9007199254740993}}') as object;
    expect(Object.entries(value)).toEqual([['__proto__', { polluted: 9007199254740993n }]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('every other JSON value is what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), bigInteger, (value, integer) => {
        const json = JSON.stringify(value);
        expect(decoded(`{"n":${integer},"value":${json}}`)).toEqual({
          n: integer,
          value: decoded(json),
        });
        // Only numbers beyond 2^53 may differ; `jsonValue` has them too, written with all their digits.
        const back = JSON.parse(encoded(decoded(json)));
        expect(back).toEqual(JSON.parse(json));
      }),
    );
  });
});

describe('bigints that are sent', () => {
  afterEach(() => {
    Reflect.deleteProperty(BigInt.prototype, 'toJSON');
  });

  test.each<[unknown, string]>([
    [5n, '5'],
    [{ a: [-0n, 2n ** 64n], b: '"1"' }, '{"a":[0,18446744073709551616],"b":"\\"1\\""}'],
    [{ a: { toJSON: () => -(2n ** 70n) } }, '{"a":-1180591620717411303424}'],
  ])('are written as digits: %s', (value, json) => {
    expect(encoded(value)).toBe(json);
    Object.defineProperty(BigInt.prototype, 'toJSON', { value: String, configurable: true });
    expect(encoded(value)).toBe(json);
  });

  test('come back as they were', () => {
    fc.assert(
      fc.property(bigInteger, (integer) => {
        expect(decoded(encoded({ list: [integer, { integer }] }))).toEqual({ list: [integer, { integer }] });
      }),
    );
  });

  test('are refused where they would be too large to be read', () => {
    expect(() => encoded({ a: 10n ** 309n })).toThrow('a: is a whole number beyond 1.8e308');
  });

  test('do not let through what is refused beside them', () => {
    expect(() => encoded({ a: 5n, b: '\ud800' })).toThrow('half of a character');
    expect(() => encoded({ a: 5n, b: Number.NaN })).toThrow('b: is NaN');
  });
});
