import { describe, expect, expectTypeOf, test } from 'vitest';
import { ConfigError, type Issue, type Logger } from '../../src/index.js';
import {
  abortSignal,
  bytes,
  callback,
  count,
  custom,
  either,
  FieldReader,
  flag,
  group,
  list,
  logger,
  ms,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  oneOf,
  port,
  type ResolvedOf,
  readOptions,
  readTable,
  required,
  seconds,
  snakeCase,
  text,
} from '../../src/internal.js';

const TLS_OPTIONS = { serverName: text(), passphrase: text({ minLength: 0 }) } satisfies OptionTable;
interface TlsOptions extends Named, OptionsOf<typeof TLS_OPTIONS> {}
interface ResolvedTls extends Named, ResolvedOf<typeof TLS_OPTIONS> {}

const LAB_OPTIONS = {
  name: required(text()),
  waitMs: ms({ default: 500 }),
  aliveS: seconds(),
  maxBytes: bytes({ default: 1024 }),
  maxSamples: count({ default: 3, max: 9 }),
  port: port({ default: 1883 }),
  open: flag({ default: true }),
  mode: oneOf(['fast', 'exact'], { default: 'fast' }),
  unit: oneOf(['K', 'C']),
  origins: list(text()),
  hosts: list(text(), { default: ['here'], empty: 'must name at least one host' }),
  tls: either(flag({ default: false }), group<TlsOptions, ResolvedTls>(TLS_OPTIONS)),
  always: group<TlsOptions, ResolvedTls>(TLS_OPTIONS, { default: {} }),
  onEvent: callback<(event: string) => void>(),
  signal: abortSignal(),
  logger: logger(),
  even: custom<number, bigint | undefined>({
    read({ value, path, issues }) {
      if (value === undefined) return undefined;
      if (typeof value === 'number' && value % 2 === 0) return BigInt(value);
      issues.push({ path, message: 'must be even' });
      return undefined;
    },
  }),
} satisfies OptionTable;

interface LabOptions extends Named, OptionsOf<typeof LAB_OPTIONS> {}
interface ResolvedLab extends Named, ResolvedOf<typeof LAB_OPTIONS> {}

const resolve = (input: unknown): ResolvedLab =>
  readOptions('The lab', input, (fields) => readTable(fields, LAB_OPTIONS));

function issuesOf(run: () => unknown): readonly Issue[] {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).issues;
  }
  return [];
}

test('what a user may write and what is worked with follow from the rows', () => {
  expectTypeOf<LabOptions>().toHaveProperty('name').toEqualTypeOf<string>();
  expectTypeOf<LabOptions['waitMs']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<LabOptions['mode']>().toEqualTypeOf<'fast' | 'exact' | undefined>();
  expectTypeOf<LabOptions['tls']>().toEqualTypeOf<boolean | TlsOptions | undefined>();
  expectTypeOf<LabOptions['even']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Pick<LabOptions, 'origins'>>().toEqualTypeOf<{
    readonly origins?: readonly string[] | undefined;
  }>();

  expectTypeOf<ResolvedLab['waitMs']>().toEqualTypeOf<number>();
  expectTypeOf<ResolvedLab['aliveS']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<ResolvedLab['mode']>().toEqualTypeOf<'fast' | 'exact'>();
  expectTypeOf<ResolvedLab['unit']>().toEqualTypeOf<'K' | 'C' | undefined>();
  expectTypeOf<ResolvedLab['hosts']>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<ResolvedLab['origins']>().toEqualTypeOf<readonly string[] | undefined>();
  expectTypeOf<ResolvedLab['tls']>().toEqualTypeOf<boolean | ResolvedTls | undefined>();
  expectTypeOf<ResolvedLab['always']>().toEqualTypeOf<ResolvedTls>();
  expectTypeOf<ResolvedLab['logger']>().toEqualTypeOf<Logger>();
  expectTypeOf<ResolvedLab['even']>().toEqualTypeOf<bigint | undefined>();
  expectTypeOf<Named>().not.toExtend<LabOptions>();

  // @ts-expect-error A default that is not one of the words.
  oneOf(['fast', 'exact'], { default: 'slow' });
  // @ts-expect-error A group whose table has another row than its options.
  group<LabOptions, ResolvedLab>(TLS_OPTIONS);
  const wrong = { serverName: count(), passphrase: text() };
  // @ts-expect-error A group whose table has another kind of row.
  group<TlsOptions, ResolvedTls>(wrong);
});

test('what is left out has its default, and the input stays as it was', () => {
  const input = Object.freeze({ name: 'cryo' });
  expect(resolve(input)).toMatchObject({
    name: 'cryo',
    waitMs: 500,
    aliveS: undefined,
    maxBytes: 1024,
    port: 1883,
    open: true,
    mode: 'fast',
    unit: undefined,
    origins: undefined,
    hosts: ['here'],
    tls: false,
    always: { serverName: undefined },
    onEvent: undefined,
    signal: undefined,
    even: undefined,
  });
  expect(resolve({ name: 'cryo', waitMs: undefined })).toMatchObject({ waitMs: 500 });
  resolve(input).logger.error({}, 'goes nowhere');
});

test('what is given is taken', () => {
  const onEvent = (): void => {};
  const { signal } = new AbortController();
  const given = {
    name: 'cryo',
    waitMs: 0x7fff_ffff,
    aliveS: 1,
    maxSamples: 9,
    open: false,
    mode: 'exact',
    unit: 'K',
    origins: [],
    hosts: ['a', 'b'],
    onEvent,
    signal,
    logger: console,
  };
  expect(resolve(given)).toMatchObject(given);
  expect(resolve({ name: 'cryo', tls: true, even: 4 })).toMatchObject({ tls: true, even: 4n });
  const tls = { serverName: 'broker', passphrase: '' };
  expect(resolve({ name: 'cryo', tls }).tls).toEqual(tls);
});

test('all that is wrong is said at once, in the order of the table', () => {
  const run = (): unknown =>
    resolve({
      waitMs: 0x8000_0000,
      aliveS: 0,
      maxBytes: 1.5,
      maxSamples: 10,
      port: '1883',
      open: 'yes',
      mode: 'slow',
      unit: '',
      origins: ['', 5, undefined],
      hosts: [],
      tls: { serverNam: 'x', serverName: 5 },
      always: true,
      onEvent: 'event',
      signal: {},
      logger: { debug() {} },
      even: 3,
      samples: 1,
    });
  expect(run).toThrow(/^The lab: /);
  expect(issuesOf(run).map(({ path, message }) => `${path} ${message}`)).toEqual([
    'name is required',
    'waitMs must be at most 2147483647',
    'aliveS must be at least 1',
    'maxBytes must be a whole number',
    'maxSamples must be at most 9',
    'port must be a number, got string',
    'open must be true or false, got string',
    "mode must be one of 'fast', 'exact'",
    "unit must be one of 'K', 'C'",
    'origins[0] must not be empty',
    'origins[1] must be a string, got number',
    'origins[2] is required',
    'hosts must name at least one host',
    'tls.serverName must be a string, got number',
    'tls.serverNam is not a known field; did you mean serverName?',
    'always must be an object, got boolean',
    'onEvent must be a function, got string',
    'signal must be an AbortSignal, got an object',
    'logger.info must be a function',
    'logger.warn must be a function',
    'logger.error must be a function',
    'even must be even',
    'samples is not a known field; did you mean maxSamples?',
  ]);
});

test('what is no object is one problem, and nothing is missing from it', () => {
  expect(issuesOf(() => resolve('cryo'))).toEqual([{ path: '', message: 'must be an object, got string' }]);
  expect(issuesOf(() => resolve({ name: 'cryo', tls: 5 }))).toEqual([
    { path: 'tls', message: 'must be an object, got number' },
  ]);
  expect(issuesOf(() => resolve({ name: 'cryo', hosts: 'a', logger: 5 }))).toEqual([
    { path: 'hosts', message: 'must be a list, got string' },
    { path: 'logger', message: 'must be an object with debug, info, warn and error, got number' },
  ]);
});

test('options that do not go together are found beside the rest', () => {
  const run = (input: unknown): unknown =>
    readOptions('The lab', input, (fields) => {
      const { open, mode } = readTable(fields, LAB_OPTIONS);
      if (open && mode === 'exact') fields.addIssue('mode', "can't be exact where open is true");
    });
  expect(issuesOf(() => run({ mode: 'exact', extra: 1 })).map(({ path }) => path)).toEqual([
    'name',
    'mode',
    'extra',
  ]);
  expect(issuesOf(() => run({ name: 'cryo', mode: 'exact', open: false }))).toEqual([]);
});

test('two tables are read from one object, and only what neither knows is refused', () => {
  const issues: Issue[] = [];
  const fields = new FieldReader({ serverName: 'broker', name: 'cryo', colour: 1 }, issues, 'lab');
  expect(readTable(fields, TLS_OPTIONS)).toMatchObject({ serverName: 'broker' });
  expect(readTable(fields, LAB_OPTIONS)).toMatchObject({ name: 'cryo' });
  fields.rejectUnknown();
  expect(issues).toEqual([
    { path: 'lab.colour', message: 'is not a known field, and is like none of the 19 that are known' },
  ]);
});

describe('what a row says of itself', () => {
  const factsOf = ({ read: _, ...facts }: OptionRow<unknown, unknown>): unknown =>
    JSON.parse(JSON.stringify(facts));

  test.each<[string, OptionRow<unknown, unknown>, object]>([
    [
      'ms',
      LAB_OPTIONS.waitMs,
      { default: 500, unit: 'ms', json: { type: 'number', minimum: 1, maximum: 2 ** 31 - 1 } },
    ],
    [
      'seconds',
      seconds({ min: 30, below: 1500 }),
      { unit: 's', json: { type: 'number', minimum: 30, exclusiveMaximum: 1500 } },
    ],
    ['bytes', bytes(), { unit: 'bytes', json: { type: 'integer', minimum: 1 } }],
    [
      'text',
      text({ pattern: /^\//, snake: 'path', nullable: true, variable: 'THE_PATH' }),
      {
        json: { type: 'string', minLength: 1, pattern: '^\\/' },
        snake: 'path',
        nullable: true,
        variable: 'THE_PATH',
      },
    ],
    ['oneOf', LAB_OPTIONS.unit, { json: { enum: ['K', 'C'] } }],
    ['required', LAB_OPTIONS.name, { required: true, json: { type: 'string', minLength: 1 } }],
    ['callback', LAB_OPTIONS.onEvent, {}],
    ['logger', LAB_OPTIONS.logger, {}],
  ])('%s', (_, option, facts) => {
    expect(factsOf(option)).toEqual(facts);
  });
});

test('names in configuration files', () => {
  expect(['host', 'isRoot', 'requestTimeoutMs', 'webSocketPath'].map(snakeCase)).toEqual([
    'host',
    'is_root',
    'request_timeout_ms',
    'web_socket_path',
  ]);
});
