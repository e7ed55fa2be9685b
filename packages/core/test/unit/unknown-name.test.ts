import { expect, test } from 'vitest';
import { unknownField } from '../../src/internal.js';

const KNOWN = [
  'requestTimeoutMs',
  'shutdownTimeoutMs',
  'maxPendingRequests',
  'maxPayloadBytes',
  'host',
  'port',
  'ca',
];

test.each([
  ['requestTimeout', 'requestTimeoutMs'],
  ['reqeustTimeoutMs', 'requestTimeoutMs'],
  ['request_timeout_ms', 'requestTimeoutMs'],
  ['RequestTimeoutMS', 'requestTimeoutMs'],
  ['maxPendingRequest', 'maxPendingRequests'],
  ['prot', 'port'],
  ['hosts', 'host'],
  ['payload', 'maxPayloadBytes'],
  ['timeoutMs', 'requestTimeoutMs or shutdownTimeoutMs'],
])('%s: did you mean %s?', (name, meant) => {
  expect(unknownField(name, KNOWN)).toBe(`is not a known field; did you mean ${meant}?`);
});

test.each(['colour', 'cb', 'x', '', 'max', 'a'.repeat(1_000_000)])(
  'where nothing is near, all are named: %.20s',
  (name) => {
    expect(unknownField(name, KNOWN)).toBe(`is not a known field; known are ${KNOWN.join(', ')}`);
  },
);

test('a list that nobody would read is left out', () => {
  const many = Array.from({ length: 13 }, (_, index) => `option${index}`);
  expect(unknownField('colour', many.slice(1))).toContain('known are option1, ');
  expect(unknownField('colour', many)).toBe(
    'is not a known field, and is like none of the 13 that are known',
  );
});
