import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/internal.js';

test('gives the bytes of the standard encoder, whatever the text and its length', () => {
  const encoder = new TextEncoder();
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.nat(5_000).map((length) => '€'.repeat(length)),
  );
  fc.assert(
    fc.property(text, (value) => {
      expect(encodeUtf8(value)).toEqual(encoder.encode(value));
    }),
  );
});

test('each result has bytes of its own', () => {
  const first = encodeUtf8('one');
  encodeUtf8('two');
  expect(first).toEqual(new TextEncoder().encode('one'));
  expect(first.buffer.byteLength).toBe(3);
});
