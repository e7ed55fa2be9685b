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

describe('a long text is read as JSON reads it', () => {
  const half = 'x'.repeat(LENGTH / 2);
  const readAt = (json: string, shift: number): unknown => {
    const utf8 = new TextEncoder().encode(json);
    const memory = new Uint8Array(utf8.byteLength + shift);
    memory.set(utf8, shift);
    return decodePayload(memory.subarray(shift), JSON_TYPE);
  };

  test('with characters of more than one byte, and wherever in memory it lies', () => {
    for (const shift of [0, 1, 2, 3, 4]) {
      for (const text of [half + half, `ä${half}€${half}🔬`]) {
        for (const end of ['', 'y', 'yy', 'yyy']) expect(readAt(`"${text}${end}"`, shift)).toBe(text + end);
      }
    }
  });

  test('and what is no JSON is refused, with a control character at each place of a word', () => {
    for (const control of ['\0', '\n', '\x1f']) {
      for (const before of ['', 'y', 'yy', 'yyy', half]) {
        expect(() => readAt(`"${half}${before}${control}${half}"`, 0)).toThrow(/not valid JSON/);
        expect(() => readAt(`"${half}${half}${before}${control}"`, 0)).toThrow(/not valid JSON/);
      }
    }
    for (const wrong of [`"${half}${half}`, `"${half}"${half}"`, `"${half}\\x${half}"`]) {
      expect(() => readAt(wrong, 0)).toThrow(/not valid JSON/);
    }
  });

  test('and what is more than a text is read as ever', () => {
    expect(readAt(`"${half}\\n${half}" `, 0)).toBe(`${half}\n${half}`);
    expect(readAt(`["${half}","${half}"]`, 0)).toEqual([half, half]);
  });
});
