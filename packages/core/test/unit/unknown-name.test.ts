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
