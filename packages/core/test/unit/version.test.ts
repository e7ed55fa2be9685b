import { expect, test } from 'vitest';
import { assertCompatibleVersion, PROTOCOL_VERSION } from '../../src/index.js';
import { areVersionsCompatible } from '../../src/wire/compatibility.js';

test.each([
  ['0.9.6', '0.9.6', true],
  ['0.9.0', '0.9.6', true],
  ['0.9.6', '0.9.99', true],
  ['00.9.6', '0.9.6', true],
  ['0.8.0', '0.9.6', false],
  ['0.10.0', '0.9.6', false],
  ['1.9.6', '0.9.6', false],
  ['1.2.3', '1.9.0', true],
  ['1.0.0', '2.0.0', false],
  ['0.9', '0.9.6', false],
  ['0.9.6', 'x', false],
  ['', '', false],
])('%s and %s may talk: %s', (a, b, expected) => {
  expect(areVersionsCompatible(a, b)).toBe(expected);
  expect(areVersionsCompatible(b, a)).toBe(expected);
});

test('a sender of another version is refused by name', () => {
  expect(() => assertCompatibleVersion('0.9.1', 'org.fac.sys.-.svc')).not.toThrow();
  expect(() => assertCompatibleVersion('0.8.0', 'org.fac.sys.-.svc')).toThrow(
    expect.objectContaining({
      code: 'VERSION_INCOMPATIBLE',
      message: expect.stringContaining(
        `org.fac.sys.-.svc speaks protocol version 0.8.0, this program speaks ${PROTOCOL_VERSION}`,
      ),
    }),
  );
});
