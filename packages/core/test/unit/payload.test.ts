import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { decodePayload, encodePayload, type MessageError, type ValidationError } from '../../src/index.js';
import { decodeText } from '../../src/internal.js';

const JSON_TYPE = 'application/json';
const bytes = (text: string) => new TextEncoder().encode(text);
const encoded = (value: unknown) => decodeText(encodePayload(value, JSON_TYPE));

function issuesOf(value: unknown): readonly string[] {
  try {
    encodePayload(value, JSON_TYPE);
  } catch (error) {
    expect((error as ValidationError).code).toBe('SCHEMA_MISMATCH');
    return (error as ValidationError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

/** Whatever becomes of whole numbers, the verdict is one. */
function decodeError(payload: Uint8Array, options = {}): MessageError {
  const [asNumbers, asBigints] = (['number', 'bigint'] as const).map((integers) => {
    try {
      decodePayload(payload, JSON_TYPE, { ...options, integers });
    } catch (error) {
      return error as MessageError;
    }
    throw new Error('nothing was thrown');
  });
  expect(asBigints).toEqual(asNumbers);
  return asNumbers as MessageError;
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
  return value;
}

describe('encoding JSON', () => {
  test('undefined and null are null', () => {
    expect([encoded(undefined), encoded(null)]).toEqual(['null', 'null']);
  });

  test('the text is compact, with characters as they are', () => {
    expect(encoded({ a: [1, 'héllo ☃'], b: { c: null } })).toBe('{"a":[1,"héllo ☃"],"b":{"c":null}}');
  });

  test('fields that are undefined are left out', () => {
    expect(encoded({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test('dates, class instances and boxed values are carried', () => {
    class Point {
      x = 1;
    }
    const value = { at: new Date(0), point: new Point(), text: Object('a'), none: Object.create(null) };
    expect(encoded(value)).toBe('{"at":"1970-01-01T00:00:00.000Z","point":{"x":1},"text":"a","none":{}}');
  });

  test('every JSON value comes back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = decodePayload(encodePayload(value, JSON_TYPE), JSON_TYPE);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
      }),
    );
  });

  test('every value that would be lost or changed is refused, with its path', () => {
    const issues = issuesOf({
      big: 10n ** 309n,
      run: () => 1,
      symbol: Symbol('s'),
      not: Number.NaN,
      list: [1, undefined, Number.POSITIVE_INFINITY],
      map: new Map(),
      deep: { set: new Set([1]) },
      error: new Error('secret'),
      bytes: new Uint8Array(2),
      promise: Promise.resolve(1),
      pattern: /a/,
      date: new Date(Number.NaN),
    });
    expect(issues.map((issue) => issue.slice(0, issue.indexOf(':')))).toEqual([
      'big',
      'run',
      'symbol',
      'not',
      'list[1]',
      'list[2]',
      'map',
      'deep.set',
      'error',
      'bytes',
      'promise',
      'pattern',
      'date',
    ]);
    expect(issues.join()).not.toContain('secret');
  });

  test('a hole in a list is refused, as is a bare function', () => {
    const holes: unknown[] = [1];
    holes.length = 2;
    expect(issuesOf(holes)).toEqual([expect.stringMatching(/^\[1\]: is undefined/)]);
    expect(issuesOf(() => 1)).toEqual([expect.stringMatching(/^: is a function/)]);
  });

  test('what toJSON returns is judged too', () => {
    expect(issuesOf({ a: { toJSON: () => Symbol('s') } })).toEqual([
      expect.stringMatching(/^a: is a symbol/),
    ]);
  });

  test('a cycle is refused, the same object twice is not', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = { cycle };
    expect(issuesOf(cycle)).toEqual(['self.cycle: refers back to an object that contains it']);
    const shared = { a: 1 };
    expect(encoded([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  test('512 levels are carried, more are refused', () => {
    expect(issuesOf(nested(512))).toEqual([]);
    expect(issuesOf(nested(513))).toEqual([expect.stringContaining('is nested deeper than 512 levels')]);
    expect(issuesOf(nested(100_000))).toHaveLength(1);
  });

  test('the list of problems has an end', () => {
    expect(issuesOf(Array(1000).fill(Number.NaN))).toHaveLength(20);
  });
});

describe('decoding JSON', () => {
  test.each(['', '{', '[1,]', 'NaN', "{'a':1}", '1 2', '\u0000', 'undefined'])('%j is refused', (text) => {
    expect(decodeError(bytes(text)).code).toBe('PAYLOAD_INVALID');
  });

  test('a byte order mark is no JSON', () => {
    expect(decodeError(bytes('\uFEFF{}')).message).toContain('is not valid JSON');
    expect(decodePayload(bytes('"\uFEFF"'), JSON_TYPE)).toBe('\uFEFF');
  });

  test.each([
    ['1e400', ''],
    ['-1E+309', ''],
    ['[1, 1e0000400]', '[1]'],
    ['{"a":{"b":[2,1e999]}}', 'a.b[1]'],
    [`{"long":${'9'.repeat(310)}}`, 'long'],
    [`[${'9'.repeat(250)}e99]`, '[0]'],
  ])('%s is too large a number, and does not become Infinity', (json, where) => {
    expect(decodeError(bytes(json))).toMatchObject({ code: 'PAYLOAD_INVALID', issues: [{ path: where }] });
  });

  test.each(['1e308', '1e-400', '["1e400"]', `"${'9'.repeat(400)}"`, `[0.${'9'.repeat(400)}]`])(
    '%s is read',
    (json) => expect(decodePayload(bytes(json), JSON_TYPE)).toEqual(JSON.parse(json)),
  );

  test.each([
    ['"\\ud800"', ''],
    ['["x", "\\uDFFF"]', '[1]'],
    ['{"a":{"b":"\\ude00\\ud83d"}}', 'a.b'],
    ['{"a":{"\\udc00":1}}', 'a'],
  ])('%s holds half of a character, and is refused as the reference refuses it', (json, where) => {
    const error = decodeError(bytes(json));
    expect(error).toMatchObject({ code: 'PAYLOAD_INVALID', issues: [{ path: where }] });
    expect(error.issues[0]?.message).toContain('half of a character');
  });

  test.each(['"\\ud83d\\ude00"', '{"\\uD83D\\uDE00":1}', '"\\\\ud800"', '"\\u00e9"'])('%s is read', (json) =>
    expect(decodePayload(bytes(json), JSON_TYPE)).toEqual(JSON.parse(json)),
  );

  test('to look for such a number takes no longer than to parse', () => {
    const json = bytes(JSON.stringify({ text: `${'9'.repeat(199)} `.repeat(40_000) }));
    const started = performance.now();
    decodePayload(json, JSON_TYPE);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('the error shows nothing of the payload', () => {
    const error = decodeError(bytes('{"password": hunter2'));
    expect(JSON.stringify([error.message, String(error.cause), error.issues])).not.toMatch(
      /hunter2|password/,
    );
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(decodeError(Uint8Array.of(0x22, 0xff, 0x22)).message).toContain('UTF-8');
  });

  test('an empty payload is undefined only where the caller says so', () => {
    expect(decodeError(new Uint8Array()).message).toContain('is empty');
    expect(decodePayload(new Uint8Array(), JSON_TYPE, { allowEmpty: true })).toBeUndefined();
    expect(decodePayload(bytes('null'), JSON_TYPE, { allowEmpty: true })).toBeNull();
  });

  test('512 levels are read, more are refused, and far more do no harm', () => {
    const levels = (count: number) => bytes('['.repeat(count) + ']'.repeat(count));
    expect(decodePayload(levels(512), JSON_TYPE)).toBeInstanceOf(Array);
    expect(decodeError(levels(513)).message).toContain('is nested deeper than 512 levels');
  });

  test('nesting is counted outside of strings only', () => {
    const brackets = '['.repeat(600);
    const texts = [brackets, `${brackets}"`, `\\"${brackets}`, `\\\\`, `"${brackets}\\\\`];
    const json = JSON.stringify({ texts, lists: Array.from({ length: 600 }, () => []) });
    expect(decodePayload(Buffer.from(json), 'application/json')).toEqual(JSON.parse(json));
    const behind = decodeError(bytes(`["\\\\",${'['.repeat(600)}`));
    expect(behind.message).toContain('is nested deeper than 512 levels');
  });

  test('millions of levels are refused without being parsed', () => {
    const parse = vi.spyOn(JSON, 'parse');
    expect(decodeError(bytes('['.repeat(10_000_000))).code).toBe('PAYLOAD_INVALID');
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(decodeError(bytes('{"a":[{}]}'), { maxDepth: 2 }).message).toContain('2 levels');
  });

  test('a key __proto__ is an ordinary field and changes no other object', () => {
    const value = decodePayload(bytes('{"__proto__":{"polluted":true}}'), JSON_TYPE) as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(encoded(value)).toBe('{"__proto__":{"polluted":true}}');
  });
});

describe('other content types', () => {
  test('bytes pass untouched in both directions, and share nothing with those that were given', () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    for (const given of [all, Buffer.from(all)]) {
      for (const copy of [
        encodePayload(given, 'image/png'),
        decodePayload(given, 'image/png') as Uint8Array,
      ]) {
        expect(copy).toEqual(all);
        expect(copy.buffer).not.toBe(given.buffer);
        expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype);
      }
    }
    expect(decodePayload(bytes('{'), 'application/json; charset=utf-8')).toEqual(bytes('{'));
  });

  test.each([['text'], [null], [undefined], [{}]])('%j is refused instead of being guessed at', (value) => {
    expect(() => encodePayload(value, 'text/plain')).toThrow(
      'must be a Uint8Array under content type text/plain',
    );
  });

  test('text that is not quite UTF-8 can still be read', () => {
    expect(decodeText(Uint8Array.of(0x61, 0xff))).toBe('a\ufffd');
  });
});
