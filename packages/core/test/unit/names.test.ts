import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, type Hierarchy, hierarchyOf, type Issue, isAddress } from '../../src/index.js';
import { isCapabilityName, isContentType, WIRE_0_9 } from '../../src/internal.js';

const { checkHierarchy } = WIRE_0_9;
const isHierarchyPart = (text: string): boolean => hierarchyOf(`org.fac.sys.-.${text}`) !== undefined;

const part = fc.stringMatching(/^[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,4}$/).filter(isHierarchyPart);
const hierarchies: fc.Arbitrary<Hierarchy> = fc.oneof(
  fc.record({ organization: part, facility: part, system: part, service: part }),
  fc.record({ organization: part, facility: part, system: part, subsystem: part, service: part }),
);

describe('addresses', () => {
  test('a missing subsystem is a hyphen', () => {
    const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'svc' };
    expect(addressOf(hierarchy)).toBe('org.fac.sys.-.svc');
    expect(addressOf({ ...hierarchy, subsystem: 'sub' })).toBe('org.fac.sys.sub.svc');
  });

  test('every hierarchy can be read back from its address', () => {
    fc.assert(
      fc.property(hierarchies, (hierarchy) => {
        expect(isAddress(addressOf(hierarchy))).toBe(true);
        expect(hierarchyOf(addressOf(hierarchy))).toEqual(hierarchy);
        expect(checkHierarchy(hierarchy, [])).toEqual(hierarchy);
      }),
    );
  });

  test.each([
    'sys.orchestrator',
    'org.fac.sys.svc',
    'org.fac.sys.-.svc.more',
    'org.fac.sys.-.S',
    'org.fac.sys..svc',
    '',
  ])('%j stands for no hierarchy', (address) => {
    expect(hierarchyOf(address)).toBeUndefined();
  });

  test.each([
    ['org.fac.sys.-.svc', true],
    ['org.fac.sys.sub.svc', true],
    ['sys.orchestrator', false],
    ['org.fac.sys.svc', false],
    ['org.fac.sys.-.svc.more', false],
    ['org', false],
    ['a..b', false],
    ['Org.fac', false],
    ['org/fac', false],
    ['.org.fac', false],
    ['org.fac.', false],
    ['org.fac\n', false],
  ])('%j is an address: %s', (text, expected) => {
    expect(isAddress(text)).toBe(expected);
  });
});

describe('an address to send to', () => {
  const hint = /^must be a service's address: its five parts/;

  test('without the - of a missing subsystem is told so, with what is meant', () => {
    expect(WIRE_0_9.addressProblem('org.fac.sys.svc')).toMatch(hint);
    expect(WIRE_0_9.addressProblem('org.fac.sys.svc')).toMatch(
      /did you forget the -\? org\.fac\.sys\.-\.svc$/,
    );
  });

  test.each(['sys.orchestrator', 'org.fac.sys.-.sub.svc', 'Org.fac.sys.svc', 'org', '', 'org..sys.svc'])(
    '%j is refused without a guess',
    (address) => {
      expect(WIRE_0_9.addressProblem(address)).toMatch(hint);
      expect(WIRE_0_9.addressProblem(address)).not.toContain('did you forget');
    },
  );

  test.each(['org.fac.sys.-.svc', 'org.fac.sys.sub.svc'])('%s is right', (address) =>
    expect(WIRE_0_9.addressProblem(address)).toBeUndefined(),
  );

  test('the header of a source may have any number of parts: that of an orchestrator has two', () => {
    const headers = WIRE_0_9.encodeUserspaceHeaders({
      messageId: '4d3c1f33-5a3a-4c5c-9d8e-5f4b8f1f9f11',
      campaignId: '4d3c1f33-5a3a-4c5c-9d8e-5f4b8f1f9f11',
      requestId: '4d3c1f33-5a3a-4c5c-9d8e-5f4b8f1f9f11',
      source: 'sys.orchestrator',
      destination: 'org.fac.sys.-.svc',
      createdAt: '2026-01-01T00:00:00Z',
      sdkVersion: '0.9.6',
      operationId: 'Cap.do',
      dataHandler: 'MESSAGE',
      state: 'complete',
    });
    expect(WIRE_0_9.parseUserspaceHeaders(headers).source).toBe('sys.orchestrator');
  });
});

describe('parts of a hierarchy', () => {
  test.each(['abc', 'a-b', 'ab-', 'tmp-', `a${'b'.repeat(62)}`])('%s is one', (text) => {
    expect(isHierarchyPart(text)).toBe(true);
  });

  test.each(['', 'ab', '1bc', '-bc', 'a--b', 'aBc', 'a_b', 'a.b', `a${'b'.repeat(63)}`, 'abc\n'])(
    '%j is none',
    (text) => {
      expect(isHierarchyPart(text)).toBe(false);
    },
  );

  test('all problems are named with their paths', () => {
    const issues: Issue[] = [];
    const input = { organization: 'O', facility: 'fac', system: 5, subsystem: '-', more: 1 };
    expect(checkHierarchy(input, issues, 'hierarchy')).toBeUndefined();
    expect(issues.map(({ path }) => path)).toEqual([
      'hierarchy.organization',
      'hierarchy.system',
      'hierarchy.subsystem',
      'hierarchy.service',
      'hierarchy.more',
    ]);
  });

  test('a hierarchy is found good although others before it were bad', () => {
    const issues: Issue[] = [{ path: 'earlier', message: 'is bad' }];
    const hierarchy = {
      organization: 'org',
      facility: 'fac',
      system: 'sys',
      subsystem: null,
      service: 'svc',
    };
    expect(checkHierarchy(hierarchy, issues)).toEqual({
      organization: 'org',
      facility: 'fac',
      system: 'sys',
      service: 'svc',
    });
  });

  test.each([undefined, null, 'org.fac', []])('%j is no hierarchy', (input) => {
    const issues: Issue[] = [];
    expect(checkHierarchy(input, issues)).toBeUndefined();
    expect(issues.map(({ message }) => message)).toEqual([expect.stringContaining('must be an object')]);
  });
});

describe('names', () => {
  test.each(['Echo', '1st', 'intersect_sdk', 'a_b', 'x'.repeat(255)])('%s names a capability', (text) => {
    expect(isCapabilityName(text)).toBe(true);
  });

  test.each(['', '_a', 'a-b', 'a.b', 'a b', 'x'.repeat(256), 'a\n'])('%j does not', (text) => {
    expect(isCapabilityName(text)).toBe(false);
  });

  test.each(['application/json', 'image/svg+xml', 'text/plain'])('%s is a content type', (text) => {
    expect(isContentType(text)).toBe(true);
  });

  test.each(['json', 'text/html; charset=utf-8', '!!! a/b ???', 'a/b\n', '/b', 'a/'])('%j is not', (text) => {
    expect(isContentType(text)).toBe(false);
  });
});
