import { describe, expect, test } from 'vitest';
import { decodePayload, encodePayload } from '../../src/index.js';

const JSON_TYPE = 'application/json';
const LENGTH = 70_000;

function expectAsJson(text: string): void {
  const bytes = encodePayload(text, JSON_TYPE);
  // Compared as texts, since a list of numbers would take the test seconds.
  expect(new TextDecoder().decode(bytes)).toBe(JSON.stringify(text));
  expect(decodePayload(bytes, JSON_TYPE)).toBe(text);
}

describe('a long text is written as JSON writes it', () => {
  test('with each of the first 256 characters, at its begin, in it and at its end', () => {
    for (let unit = 0; unit < 256; unit++) {
      const odd = String.fromCharCode(unit);
      const half = 'x'.repeat(LENGTH / 2);
      expectAsJson([odd, half, odd, half, odd].join(''));
    }
  });

  test.each(['', '€', '🔬', '\u2028', '\ufeff', '\ufffd'])('with %j', (odd) => {
    for (const length of [LENGTH, 65_535, 65_536]) expectAsJson('x'.repeat(length) + odd);
  });

  test('and one with half of a character is refused', () => {
    expect(() => encodePayload(`${'x'.repeat(LENGTH)}\ud800`, JSON_TYPE)).toThrow(/half of a character/);
  });
});
