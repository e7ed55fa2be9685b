import { describe, expect, test } from 'vitest';
import { decodePayload } from '../../src/index.js';

function loses(json: string): boolean {
  let isTold = false;
  const onDigitsLost = () => {
    isTold = true;
  };
  decodePayload(new TextEncoder().encode(json), 'application/json', { onDigitsLost });
  return isTold;
}

describe('whole numbers that lose digits', () => {
  test.each([
    '9007199254740993',
    '-9007199254740993',
    '[1,9007199254740993]',
    '9007199254740995',
    '{"a":{"b": 12345678901234567890}}',
    '{"a":\n9007199254740993}',
    `[${'9'.repeat(300)}]`,
    '{"text":"9007199254740993 \\" ","n":9007199254740993}',
    `["behind a long text: ${'a'.repeat(10_000_000)}",9007199254740993]`,
    `[${'1,'.repeat(1000)}9007199254740993]`,
    '[1e20,9007199254740992,1.0e20, -9007199254740995 ]',
  ])('are seen in %.50s', (json) => expect(loses(json)).toBe(true));

  test.each([
    '9007199254740992',
    '[9007199254740991,1e20,100000000000000000000]',
    '[0.12345678901234567,12345678901234567.5,12345678901234567e3]',
    '"9007199254740993"',
    '{"a":": 9007199254740993,","9007199254740993":1}',
    '{"a":"\\\\",\n"b":"x, 9007199254740993"}',
    '{}',
    `[${'1700000000000000000,'.repeat(1000)}0.12345678901234567]`,
    `[${'"9007199254740993",'.repeat(1000)}9007199254740991]`,
  ])('are not in %.50s', (json) => expect(loses(json)).toBe(false));
});
