import { describe, expect, test } from 'vitest';
import { decodePayload, encodePayload, type MessageError, type ValidationError } from '../../src/index.js';

const JSON_TYPE = 'application/json';

/** Whatever becomes of whole numbers, the verdict is one. */
function refusal(text: string, options = {}): string | undefined {
  const [asNumbers, asBigints] = (['number', 'bigint'] as const).map((integers) => {
    try {
      decodePayload(new TextEncoder().encode(text), JSON_TYPE, { ...options, integers });
    } catch (error) {
      expect((error as MessageError).code).toBe('PAYLOAD_INVALID');
      return (error as MessageError).message;
    }
    return undefined;
  });
  expect(asBigints).toBe(asNumbers);
  return asNumbers;
}

function issuesOf(value: unknown): readonly string[] {
  try {
    encodePayload(value, JSON_TYPE);
  } catch (error) {
    return (error as ValidationError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

const fields = (count: number, from = 0) =>
  `{${Array.from({ length: count }, (_, n) => `"k${from + n}":0`).join(',')}}`;

describe('a payload with too many members is refused before it is parsed', () => {
  const TOO_MANY = 'has too many members: more than 2000000 items of lists, or 250000 fields';

  test.each([
    ['fields of one object', fields(250_001)],
    ['fields of many objects', `[${Array(300_000).fill('{"a":0}').join(',')}]`],
    ['lists', `[${Array(1_100_000).fill('[]').join(',')}]`],
    ['items', `[${Array(2_000_100).fill('0').join(',')}]`],
    ['what is no JSON', '{"a":0,'.repeat(5).padEnd(3_000_000, ':')],
  ])('%s', (_what, text) => {
    expect(refusal(text)).toContain(text.startsWith('{"a":0,{') ? 'JSON' : TOO_MANY);
  });

  test.each([
    ['fields', fields(240_000)],
    ['numbers', `[${Array(1_900_000).fill('1.5').join(',')}]`],
    ['long numbers', `[${Array(500_000).fill('9007199254740993').join(',')}]`],
    ['signs in a text', JSON.stringify(':,[{'.repeat(1_000_000))],
    ['signs behind a quote in a text', JSON.stringify('\\":,[{'.repeat(1_000_000))],
  ])('but not as many %s as are allowed', (_what, text) => {
    expect(refusal(text)).toBeUndefined();
  });

  test('another limit can be asked for', () => {
    expect(refusal('[1,2,3]', { maxMembers: 2 })).toContain('more than 2 items of lists');
    expect(refusal(fields(300_000), { maxMembers: 3_000_000 })).toBeUndefined();
  });
});

describe('half of a character is refused before it is sent', () => {
  test.each<[string, unknown, string]>([
    ['a text', '\ud800', ''],
    ['an item', ['a', '\udfff'], '[1]'],
    ['a field', { a: { b: ['x\ud83dx'] } }, 'a.b[0]'],
    ['what toJSON gives', { a: { toJSON: () => '\ud800' } }, 'a'],
  ])('%s', (_what, value, path) => {
    expect(issuesOf(value)).toEqual([
      `${path}: holds half of a character (a lone surrogate), which UTF-8 cannot carry`,
    ]);
  });

  test('the name of a field, whose object is named', () => {
    expect(issuesOf({ a: { '\ud800': 1 } })).toEqual([
      'a: has a field whose name holds half of a character (a lone surrogate), which UTF-8 cannot carry',
    ]);
  });

  test('but not whole ones, nor what is only spelled like one', () => {
    expect(issuesOf(['😀', '\\ud800', { '\\udfff': '\\' }])).toEqual([]);
  });
});
