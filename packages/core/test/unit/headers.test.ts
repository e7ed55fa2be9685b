import { describe, expect, test } from 'vitest';
import {
  encodeUserspaceHeaders,
  type MessageError,
  parseEventHeaders,
  parseLifecycleHeaders,
  parseUserspaceHeaders,
} from '../../src/index.js';
import { MAX_HEADER_CHARACTERS } from '../../src/wire/headers/headers.js';

const ID = 'c4248493-fe22-4e0d-a7b4-ce2d04d6fbe9';

const userspace = {
  message_id: ID,
  campaign_id: ID,
  request_id: ID,
  source: 'org.fac.sys.-.client',
  destination: 'org.fac.sys.-.service',
  created_at: '2026-11-22T16:32:49.685932+00:00',
  sdk_version: '0.9.6',
  operation_id: 'Echo.echo',
  data_handler: 'MESSAGE',
  has_error: 'false',
};

const event = {
  message_id: ID,
  source: 'org.fac.sys.-.service',
  created_at: '2026-11-22T16:32:49Z',
  sdk_version: '0.9.6',
  data_handler: 'MESSAGE',
  capability_name: 'Echo',
  event_name: 'ticked',
};

const lifecycle = {
  message_id: ID,
  source: 'org.fac.sys.-.service',
  created_at: '2026-11-22T16:32:49Z',
  sdk_version: '0.9.6',
  lifecycle_type: 'LCT_STARTUP',
};

function errorOf(run: () => unknown): MessageError {
  try {
    run();
  } catch (error) {
    return error as MessageError;
  }
  throw new Error('nothing was thrown');
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

describe('headers of requests and responses', () => {
  test('become typed values', () => {
    expect(parseUserspaceHeaders(userspace)).toEqual({
      messageId: ID,
      campaignId: ID,
      requestId: ID,
      source: 'org.fac.sys.-.client',
      destination: 'org.fac.sys.-.service',
      createdAt: '2026-11-22T16:32:49.685932+00:00',
      sdkVersion: '0.9.6',
      operationId: 'Echo.echo',
      dataHandler: 'MESSAGE',
      state: 'complete',
      hasError: false,
    });
  });

  test('a missing data handler means MESSAGE and a missing has_error means false', () => {
    const { dataHandler, hasError } = parseUserspaceHeaders(
      without(without(userspace, 'data_handler'), 'has_error'),
    );
    expect({ dataHandler, hasError }).toEqual({ dataHandler: 'MESSAGE', hasError: false });
  });

  test.each(Object.keys(userspace).filter((name) => name !== 'data_handler' && name !== 'has_error'))(
    'a missing %s is named',
    (name) => {
      const error = errorOf(() => parseUserspaceHeaders(without(userspace, name)));
      expect(error.code).toBe('HEADERS_INVALID');
      expect(error.issues).toEqual([{ path: name, message: 'is missing' }]);
    },
  );

  test('every bad header is named in one error', () => {
    const bad = Object.fromEntries(Object.keys(userspace).map((name) => [name, '?']));
    const error = errorOf(() => parseUserspaceHeaders(bad));
    expect(error.code).toBe('HEADERS_INVALID');
    expect(error.issues.map(({ path }) => path)).toEqual(
      Object.keys(userspace).filter((name) => name !== 'operation_id'),
    );
  });

  test('unknown headers are left out, whatever their names', () => {
    const hostile = JSON.parse(
      `{"__proto__":"x","constructor":"x","toString":"x","messageId":"x",${JSON.stringify(userspace).slice(1)}`,
    ) as Record<string, string>;
    expect(Object.keys(parseUserspaceHeaders(hostile))).toEqual(
      Object.keys(parseUserspaceHeaders(userspace)),
    );
    expect(Object.getPrototypeOf(parseUserspaceHeaders(hostile))).toBe(Object.prototype);
  });

  test('headers of a prototype do not count', () => {
    const error = errorOf(() => parseUserspaceHeaders(Object.create(userspace) as Record<string, string>));
    expect(error.issues).toHaveLength(8);
  });

  test('more of them than can be read are refused without reading any', () => {
    const { issues } = errorOf(() =>
      parseUserspaceHeaders({ ...userspace, source: '?', more: 'x'.repeat(MAX_HEADER_CHARACTERS) }),
    );
    expect(issues).toEqual([
      { path: '', message: expect.stringMatching(/^have \d+ characters together, at most 131072/) },
    ]);
  });

  test('a value that is not text is refused by its kind', () => {
    const headers = { ...userspace, operation_id: 5 } as unknown as Record<string, string>;
    expect(errorOf(() => parseUserspaceHeaders(headers)).issues).toEqual([
      { path: 'operation_id', message: 'must be a string, got number' },
    ]);
  });

  test('a long or many-lined value is not repeated as it is', () => {
    const long = errorOf(() => parseUserspaceHeaders({ ...userspace, source: 'X'.repeat(10_000) }));
    expect(long.message.length).toBeLessThan(250);
    const lines = errorOf(() => parseUserspaceHeaders({ ...userspace, source: 'a\nERROR forged' }));
    expect(lines.message).not.toContain('\n');
  });

  test('an unknown data handler alone is a matter of what this program supports', () => {
    const error = errorOf(() => parseUserspaceHeaders({ ...userspace, data_handler: 'S3' }));
    expect(error.code).toBe('DATA_HANDLER_UNSUPPORTED');
    expect(error.issues.map(({ path }) => path)).toEqual(['data_handler']);
  });

  test('an unknown data handler beside another bad header is a matter of bad headers', () => {
    const error = errorOf(() => parseUserspaceHeaders({ ...userspace, data_handler: 'S3', source: '' }));
    expect(error.code).toBe('HEADERS_INVALID');
    expect(error.issues.map(({ path }) => path)).toEqual(['source', 'data_handler']);
  });

  test('what is parsed and encoded again is the same, with the optional headers filled in', () => {
    const minimal = without(without(userspace, 'data_handler'), 'has_error');
    expect(encodeUserspaceHeaders(parseUserspaceHeaders(minimal))).toEqual(userspace);
  });
});

describe('ids', () => {
  const parsed = (text: string) => parseUserspaceHeaders({ ...userspace, request_id: text }).requestId;

  test.each([ID.toUpperCase(), ID.replaceAll('-', ''), `{${ID}}`, `urn:uuid:${ID.toUpperCase()}`])(
    '%s is written as lower case with hyphens',
    (text) => {
      expect(parsed(text)).toBe(ID);
    },
  );

  test.each([
    '00000000-0000-0000-0000-000000000000',
    '6fa459ea-ee8a-3ca4-894e-db77e160355e',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ])('%s is fine although it is not version 4', (text) => {
    expect(parsed(text)).toBe(text);
  });

  test.each([
    '',
    ID.slice(1),
    `${ID} `,
    `${ID}\n`,
    'c4248493-fe224e0d-a7b4-ce2d04d6fbe9',
    `{${ID}`,
    `URN:UUID:${ID}`,
  ])('%j is refused', (text) => {
    expect(errorOf(() => parsed(text)).issues.map(({ path }) => path)).toEqual(['request_id']);
  });
});

describe('created_at', () => {
  const parsed = (text: string) => parseEventHeaders({ ...event, created_at: text }).createdAt;

  test.each(['2026-11-22T16:32:49Z', '2026-11-22T16:32:49.685932+00:00', '2024-02-29T00:00:00-23:59'])(
    '%s stays as it is',
    (text) => {
      expect(parsed(text)).toBe(text);
    },
  );

  // What the reference reads, and how it is written here so that `new Date` reads it too.
  test.each([
    ['2026-11-22t16:32:49z', '2026-11-22T16:32:49Z'],
    ['2026-11-22 16:32:49+0100', '2026-11-22T16:32:49+01:00'],
    ['2026-11-22_16:32:49-01:00', '2026-11-22T16:32:49-01:00'],
    ['2026-11-22T16:32:49\u221201:00', '2026-11-22T16:32:49-01:00'],
    ['2026-11-22T16:32Z', '2026-11-22T16:32:00Z'],
    ['2026-11-22T16:32:49,5Z', '2026-11-22T16:32:49.5Z'],
    ['2024', '1970-01-01T00:33:44.000+00:00'],
    ['+2024.5', '1970-01-01T00:33:44.500+00:00'],
    ['-5', '1969-12-31T23:59:55.000+00:00'],
    ['20000000000', '2603-10-11T11:33:20.000+00:00'],
    ['20000000001', '1970-08-20T11:33:20.001+00:00'],
    ['1700000000000', '2023-11-14T22:13:20.000+00:00'],
  ])('%s is read as %s', (text, iso) => {
    expect(parsed(text)).toBe(iso);
    expect(Number.isNaN(new Date(parsed(text)).getTime())).toBe(false);
  });

  test.each([
    '',
    '2026-11-22',
    '2026-11-22T16:32:49',
    '2026-11-22T16:32:49+01',
    '2026-11-22T16:32:49+24:00',
    '2026-11-22T16:32:49+23:60',
    '2026-11-22T24:00:00Z',
    '2026-11-22T23:59:60Z',
    '2026-11-22T23:60:00Z',
    '2026-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-11-22T16:32:49.Z',
    '2026-11-22T16:32.5Z',
    ' 2026-11-22T16:32:49Z',
    '20261122T163249Z',
    '1e3',
    'NaN',
    '99999999999999999999',
    `2026-11-22 16:32:49.${'1'.repeat(1000)}Z`,
  ])('%s is refused', (text) => {
    expect(errorOf(() => parsed(text)).issues.map(({ path }) => path)).toEqual(['created_at']);
  });
});

describe('has_error', () => {
  const parsed = (text: string) => {
    const { state, hasError } = parseUserspaceHeaders({ ...userspace, has_error: text });
    return { state, hasError };
  };

  test.each(['true', 'True', 'TRUE', '1', 'yes', 'Y', 'on', 't'])('%s is true', (text) => {
    expect(parsed(text)).toEqual({ state: 'error', hasError: true });
  });

  test.each(['false', 'False', '0', 'No', 'n', 'OFF', 'F'])('%s is false', (text) => {
    expect(parsed(text)).toEqual({ state: 'complete', hasError: false });
  });

  test('is written as the state says', () => {
    const headers = parseUserspaceHeaders(userspace);
    expect(encodeUserspaceHeaders({ ...headers, state: 'error' }).has_error).toBe('true');
    expect(encodeUserspaceHeaders({ ...headers, state: 'complete' }).has_error).toBe('false');
  });

  test('cannot say that there is progress, which a peer would take for the answer', () => {
    const headers = parseUserspaceHeaders(userspace);
    const error = errorOf(() => encodeUserspaceHeaders({ ...headers, state: 'progress' }));
    expect(error.issues).toEqual([
      { path: 'has_error', message: "cannot say 'progress' in protocol version 0.9.6" },
    ]);
  });

  test.each(['', 'tru', '2', '1.0', ' true'])('%j is refused', (text) => {
    expect(errorOf(() => parsed(text)).issues.map(({ path }) => path)).toEqual(['has_error']);
  });
});

describe('sources and versions', () => {
  test.each(['ab', 'sys.orchestrator', 'org.fac.sys.-.svc', 'a..b', 'a-'])('%s is a source', (text) => {
    expect(parseEventHeaders({ ...event, source: text }).source).toBe(text);
  });

  test.each(['a', 'a.', '.a', '-a', 'A.b', 'a/b', 'a_b', 'ab\n'])('%j is no source', (text) => {
    expect(errorOf(() => parseEventHeaders({ ...event, source: text })).code).toBe('HEADERS_INVALID');
  });

  test.each(['0.9', '0.9.6+b', 'v0.9.6', '0.9.6\n', '0.9.6.1'])('%j is no protocol version', (text) => {
    expect(errorOf(() => parseEventHeaders({ ...event, sdk_version: text })).code).toBe('HEADERS_INVALID');
  });
});

describe('headers of events and lifecycle messages', () => {
  test.each(['', '_a', 'a-b', 'a.b', '*', 'a b'])('%j names no event', (text) => {
    const error = errorOf(() => parseEventHeaders({ ...event, event_name: text }));
    expect(error.issues.map(({ path }) => path)).toEqual(['event_name']);
  });

  test.each(['LCT_STARTUP', 'LCT_SHUTDOWN', 'LCT_POLLING', 'LCT_FUNCTIONS_ALLOWED', 'LCT_FUNCTIONS_BLOCKED'])(
    '%s is a lifecycle type',
    (type) => {
      expect(parseLifecycleHeaders({ ...lifecycle, lifecycle_type: type }).lifecycleType).toBe(type);
    },
  );

  test.each(['', 'LCT_OTHER', 'lct_startup', '__proto__'])('%j is no lifecycle type', (type) => {
    const error = errorOf(() => parseLifecycleHeaders({ ...lifecycle, lifecycle_type: type }));
    expect(error.code).toBe('HEADERS_INVALID');
    expect(error.issues.map(({ path }) => path)).toEqual(['lifecycle_type']);
  });
});
