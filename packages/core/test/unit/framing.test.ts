import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, MAX_FRAME_HEADER_BYTES, type MessageError } from '../../src/index.js';

const bytes = (text: string) => new TextEncoder().encode(text);

function issuesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    expect((error as MessageError).code).toBe('FRAME_INVALID');
    return (error as MessageError).issues.map(({ path }) => path);
  }
  throw new Error('nothing was thrown');
}

describe('frames', () => {
  test('have the content type first, then the headers, then the payload', () => {
    const frame = encodeFrame({
      contentType: 'text/plain',
      headers: { a: '1', b: '' },
      payload: bytes('x\u0001y'),
    });
    expect(frame).toEqual(bytes('content_type\u0002text/plain\u0003a\u00021\u0003b\u0002\u0001x\u0001y'));
  });

  test('without headers end after the content type', () => {
    const frame = encodeFrame({ contentType: 'a/b', headers: {}, payload: new Uint8Array() });
    expect(frame).toEqual(bytes('content_type\u0002a/b\u0001'));
    expect(decodeFrame(frame)).toEqual({ contentType: 'a/b', headers: {}, payload: new Uint8Array() });
  });

  test('give back every message that goes in', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !/\p{Cc}|\p{Cs}/u.test(value));
    const headers = fc
      .array(fc.tuple(text, text), { maxLength: 10 })
      .map((entries) => Object.fromEntries(entries.filter(([key]) => key !== 'content_type')));
    fc.assert(
      fc.property(text, headers, fc.uint8Array(), (contentType, fields, payload) => {
        const message = { contentType, headers: fields, payload };
        expect(decodeFrame(encodeFrame(message))).toEqual(message);
      }),
    );
  });

  test('of a foreign program may have the content type anywhere', () => {
    expect(decodeFrame(bytes('a\u00021\u0003content_type\u0002x/y\u0001p'))).toEqual({
      contentType: 'x/y',
      headers: { a: '1' },
      payload: bytes('p'),
    });
  });

  test('a header named __proto__ is a header like any other', () => {
    const { headers } = decodeFrame(bytes('content_type\u0002x/y\u0003__proto__\u0002v\u0001'));
    expect(Object.entries(headers)).toEqual([['__proto__', 'v']]);
  });

  test('any bytes are read or refused with the right code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 4, maxLength: 40 }), (frame) => {
        expect(issuesOf(() => decodeFrame(frame))).toBeInstanceOf(Array);
      }),
    );
  });
});

describe('frames that are refused', () => {
  test.each([
    ['no content type', 'a\u00021\u0001', ['content_type']],
    ['nothing before the payload', '\u0001', ['headers[0]', 'content_type']],
    ['a key without a value', 'content_type\u0002x/y\u0003a\u0001', ['headers[1]']],
    ['two values for a key', 'content_type\u0002x/y\u0003a\u0002b\u0002c\u0001', ['headers[1]']],
    ['a key twice', 'content_type\u0002x/y\u0003a\u0002b\u0003a\u0002c\u0001', ['headers[2]']],
    ['no end of headers', 'content_type\u0002x/y', []],
  ])('%s', (_what, frame, paths) => {
    expect(issuesOf(() => decodeFrame(bytes(frame)))).toEqual(paths);
  });

  test('headers that are not UTF-8', () => {
    expect(issuesOf(() => decodeFrame(Uint8Array.of(0xff, 2, 0x61, 1)))).toEqual([]);
  });

  test('an end of headers beyond the first 131,072 bytes', () => {
    const head = 'content_type\u0002';
    const fits = MAX_FRAME_HEADER_BYTES - 1 - head.length;
    const message = (length: number) => ({
      contentType: 'x'.repeat(length),
      headers: {},
      payload: bytes('p'),
    });
    expect(decodeFrame(encodeFrame(message(fits))).payload).toEqual(bytes('p'));
    expect(issuesOf(() => encodeFrame(message(fits + 1)))).toEqual([]);
    expect(issuesOf(() => decodeFrame(bytes(`${head}${'x'.repeat(fits + 1)}\u0001p`)))).toEqual([]);
  });

  test('every header that a frame cannot carry is named', () => {
    const message = {
      contentType: 'a/\u0001b',
      headers: { 'a\u0002': 'b', c: 'd\u0003', content_type: 'x', good: 'e' },
      payload: new Uint8Array(),
    };
    expect(issuesOf(() => encodeFrame(message))).toEqual(['content_type', 'a?', 'c', 'content_type']);
  });
});
