import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Issue } from '../../src/index.js';
import { WIRE_0_9 } from '../../src/internal.js';

const { headerNames } = WIRE_0_9;

function check(input: unknown) {
  const issues: Issue[] = [];
  const headers = WIRE_0_9.checkFurtherHeaders(input, issues, 'headers');
  return { headers, issues };
}
const problemOf = (headers: Record<string, unknown>) => check(headers).issues.map(({ message }) => message);

describe('headers to send', () => {
  test('are taken as they are, as a copy', () => {
    const given = { traceparent: '00-ab-cd-01', 'X-B3-TraceId': 'ä€😀', 'a_b.c': '' };
    const { headers, issues } = check(given);
    expect([headers, issues]).toEqual([given, []]);
    expect(headers).not.toBe(given);
  });

  test('that are not there are none', () => {
    expect(check(undefined)).toEqual({ headers: {}, issues: [] });
  });

  test.each(Object.values(headerNames))('%s is of the protocol, in any letter case', (name) => {
    const titled = name.replace(/^./, (letter) => letter.toUpperCase());
    for (const spelling of [name, name.toUpperCase(), titled]) {
      expect(problemOf({ [spelling]: 'x' })).toEqual([expect.stringContaining('a header of the protocol')]);
    }
  });

  test.each(['x-intersect-progress', 'X-INTERSECT-', 'x-Intersect-anything'])(
    '%s is kept for the SDK',
    (name) => {
      expect(problemOf({ [name]: 'x' })).toEqual([expect.stringContaining('kept for the SDK')]);
    },
  );

  test.each(['x-intersect', 'intersect-x-intersect-', 'sources', 'message-id'])('%s is not', (name) => {
    expect(problemOf({ [name]: 'x' })).toEqual([]);
  });

  test.each(['', ' ', 'a b', 'a:b', 'a\nb', 'ä', '-a', '_a', '__proto__', 'x'.repeat(129)])(
    '%j is no name for a header',
    (name) => {
      expect(problemOf(JSON.parse(`{${JSON.stringify(name)}:"x"}`))).toEqual([
        expect.stringContaining('must have a name of 1 to 128'),
      ]);
    },
  );

  test.each([5, null, undefined, true, ['a'], {}])('%j is no value for a header', (value) => {
    expect(problemOf({ name: value })).toEqual([expect.stringContaining('must be a string, got')]);
  });

  test.each(['a\u0000', 'a\u0001b', 'a\nb', '\t', '\u007f', '\u0085', '\ud800', 'a\udc00'])(
    '%j is no value for a header',
    (value) => {
      expect(problemOf({ name: value })).toEqual([
        expect.stringContaining('must not have control characters'),
      ]);
    },
  );

  test.each([null, 'a=b', ['a'], 5])('%j is no set of headers', (input) => {
    expect(check(input).issues).toEqual([
      { path: 'headers', message: expect.stringContaining('must be an object') },
    ]);
  });

  test('may have so many bytes together and no more', () => {
    expect(problemOf({ name: 'x'.repeat(32_764) })).toEqual([]);
    expect(problemOf({ name: 'x'.repeat(32_765) })).toEqual([
      'have 32769 bytes together, at most 32768 are sent',
    ]);
    expect(problemOf({ name: '€'.repeat(10_921), b: 'x' })).toEqual([
      'have 32769 bytes together, at most 32768 are sent',
    ]);
  });

  test('are refused with every problem and its path, and with nothing of their values', () => {
    const { issues } = check({
      source: 'secret',
      'a b': 'secret',
      fine: 'secret',
      bad: 5,
      'x-intersect-a': 'secret',
    });
    expect(issues.map(({ path }) => path)).toEqual([
      'headers.source',
      'headers["a b"]',
      'headers.bad',
      'headers.x-intersect-a',
    ]);
    expect(JSON.stringify(issues)).not.toContain('secret');
  });
});

describe('headers that came in', () => {
  test('are further ones if neither the protocol nor the SDK has a meaning for them', () => {
    const protocol = Object.fromEntries(Object.values(headerNames).map((name) => [name, 'x']));
    const raw = {
      ...protocol,
      traceparent: '00-ab',
      'x-intersect-progress': '1',
      Source: 'x',
      'a b': 'x',
      c: 'x\n',
    };
    expect(WIRE_0_9.furtherHeadersOf(raw)).toEqual({ traceparent: '00-ab' });
    expect(WIRE_0_9.furtherHeadersOf(protocol)).toEqual({});
  });

  test('of a hostile name are ordinary ones, or none', () => {
    const raw = JSON.parse('{"__proto__":"x","constructor":"x","toString":"x"}') as Record<string, string>;
    const found = WIRE_0_9.furtherHeadersOf(raw);
    expect(Object.entries(found)).toEqual([
      ['constructor', 'x'],
      ['toString', 'x'],
    ]);
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
  });

  test('can be sent on, whatever they are', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('Source', 'X-Intersect-A', 'traceparent'),
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ unit: 'binary' })), (raw) => {
        expect(check(WIRE_0_9.furtherHeadersOf(raw)).issues).toEqual([]);
      }),
    );
  });
});

test('headers are encoded together with those of the protocol', () => {
  const id = 'c4248493-fe22-4e0d-a7b4-ce2d04d6fbe9';
  const headers = {
    messageId: id,
    source: 'org.fac.sys.-.svc',
    createdAt: '2026-11-22T16:32:49Z',
    sdkVersion: '0.9.6',
    dataHandler: 'MESSAGE',
    capabilityName: 'Echo',
    eventName: 'ticked',
  } as const;
  const raw = WIRE_0_9.encodeEventHeaders(headers, { traceparent: '00-ab' });
  expect(raw).toMatchObject({ message_id: id, traceparent: '00-ab' });
  expect(WIRE_0_9.parseEventHeaders(raw)).toEqual(headers);
  expect(WIRE_0_9.furtherHeadersOf(raw)).toEqual({ traceparent: '00-ab' });
});
