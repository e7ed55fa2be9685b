import { compileCheck, readServiceSchema } from '@intersect-sdk/schema';
import { describe, expect, test } from 'vitest';

/** Of the processor's time, which a busy machine does not make longer. Without bounds each of these takes minutes or all memory. */
const LIMIT_MS = 15_000;

/** Gives the time that the processor has worked since then, in ms. */
function working(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
}

function document(more: object): object {
  return {
    asyncapi: '2.6.0',
    'x-intersect-version': '0.9.6',
    info: { title: 'org.fac.sys.-.svc', description: 'INTERSECT schema', version: '0.0.0' },
    defaultContentType: 'application/json',
    capabilities: {},
    components: { schemas: {} },
    ...more,
  };
}

/** The code of what was thrown, whether that took too long, and whether its text is short. */
function refusal(action: () => unknown): { code: string; inTime: boolean; shortText: boolean } {
  const workedMs = working();
  try {
    action();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, inTime: workedMs() < LIMIT_MS, shortText: message.length < 20_000 };
  }
  throw new Error('nothing was thrown');
}

const refused = (code: string) => ({ code, inTime: true, shortText: true });

/** What `make` gives, so many times inside of itself. */
function nested(
  make: (inner: unknown) => unknown,
  times: number,
  innermost: unknown = { type: 'string' },
): unknown {
  let value = innermost;
  for (let level = 0; level < times; level++) value = make(value);
  return value;
}

describe('a hostile schema document of 10 MB costs a bounded time and ends in an error', () => {
  const wrong = Array.from({ length: 200_000 }, (_, at) => [`capability-${at}-${'x'.repeat(30)}`, at]);
  test.each([
    ['of wrong capabilities', { capabilities: Object.fromEntries(wrong) }],
    ['of wrong types', { components: { schemas: Object.fromEntries(wrong) } }],
    ['of one wrong name', { capabilities: { ['k'.repeat(10_000_000)]: 5 } }],
    ['of one wrong title', { info: { title: ['x'.repeat(10_000_000)] } }],
  ])('%s', (_, more) => {
    const json: unknown = JSON.parse(JSON.stringify(document(more)));
    expect(refusal(() => readServiceSchema(json))).toEqual(refused('PAYLOAD_INVALID'));
  });

  test.each([5, 'x', null, [], [[]]])('that is none: %j', (json) => {
    expect(refusal(() => readServiceSchema(json))).toEqual(refused('PAYLOAD_INVALID'));
  });
});

describe('a hostile schema costs a bounded time and ends in an error', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`f${at}`, { type: 'string' }]));
  const doubling = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      `T${at}`,
      { allOf: [{ $ref: `T${at + 1}` }, { $ref: `T${at + 1}` }] },
    ]),
  );
  const ring = { A: { $ref: 'B' }, B: { $ref: 'C' }, C: { $ref: 'A' } };
  const schemas: readonly (readonly [string, unknown, object])[] = [
    ['references in a ring', { $ref: 'A' }, { definitions: ring }],
    ['references that double 60 times', { $ref: 'T0' }, { definitions: { ...doubling, T60: {} } }],
    ['100,000 fields', { properties: many }, {}],
    ['10,000 levels', nested((items) => ({ items }), 10_000), {}],
    ['a reference out of the document', { $ref: 'file:///etc/passwd' }, {}],
    ['a reference to the network', { $ref: 'http://127.0.0.1:1/schema.json' }, {}],
    ['a reference to nothing', { $ref: '#/components/schemas/__proto__' }, {}],
    ['10 MB of one enumeration that is none', { enum: 'x'.repeat(10_000_000) }, {}],
  ];
  test.each(schemas)('%s', (name, schema, more) => {
    const { definitions, ...inner } = more as { definitions?: Record<string, object> };
    const whole = { allOf: [schema, inner] } as object;
    expect(refusal(() => compileCheck(whole, definitions ? { definitions } : {}))).toEqual(
      refused('CONFIG_INVALID'),
    );
    expect(name in {}).toBe(false);
  });

  test('a type that is several kinds of itself, with a value that fits none', () => {
    const kind = { anyOf: [{ $ref: 'A' }, { $ref: 'B' }, { type: 'integer' }] };
    const definitions = {
      A: { type: 'object', properties: { a: kind } },
      B: { type: 'object', properties: { a: kind } },
    };
    let value: unknown = 'x';
    for (let level = 0; level < 400; level++) value = { a: value };
    const workedMs = working();
    expect(compileCheck({ $ref: 'A' }, { definitions })(value).ok).toBe(false);
    expect(workedMs()).toBeLessThan(LIMIT_MS);
  });
});

describe('a hostile pattern is no error, and is tried within a bounded time', () => {
  const LONG = 100_000;
  const fieldNames = { patternProperties: { '(x+x+)+y': { type: 'integer' } }, additionalProperties: true };
  const farInside = (innermost: unknown) => nested((items) => ({ type: 'array', items }), 100, innermost);
  const inLists = (text: string) => nested((inner) => [inner], 100, text);

  /** Each bad text keeps an engine that goes back over it busy for ever, and fits but for its last character. */
  const slow = [
    { place: 'a text', schema: { pattern: '^(a+)+$' }, good: 'a'.repeat(LONG), bad: `${'a'.repeat(LONG)}!` },
    {
      place: 'a text far inside',
      schema: farInside({ pattern: '^(\\w+\\s?)*$' }) as object,
      good: inLists('w '.repeat(LONG / 2)),
      bad: inLists(`${'w'.repeat(LONG)}!`),
    },
    // Only a name that fits asks for an integer.
    {
      place: 'the names of fields',
      schema: fieldNames,
      good: { ['x'.repeat(LONG)]: 'free' },
      bad: { [`${'x'.repeat(LONG)}y`]: 'free' },
    },
  ];
  test.each(slow)('on $place', ({ schema, good, bad }) => {
    const unchecked: unknown[] = [];
    const workedMs = working();
    const check = compileCheck(schema, { onUnchecked: (issue) => unchecked.push(issue) });
    expect([check(good).ok, check(bad).ok]).toEqual([true, false]);
    expect(workedMs()).toBeLessThan(LIMIT_MS);
    expect(unchecked).toEqual([]);
  });

  test('that takes more steps than a value may take: the value is refused', () => {
    const check = compileCheck({ type: 'string', pattern: '(.{1,5000})x' });
    const workedMs = working();
    const outcome = check('a'.repeat(16_000_000));
    expect(workedMs()).toBeLessThan(LIMIT_MS);
    expect(JSON.stringify(outcome)).toContain('takes too long to check');
  });

  test('that no automaton can try is told of and left out, whatever the text', () => {
    const told: { path: string }[] = [];
    const schema = { type: 'string', pattern: '^(a+)+(?(1)b|c)$', maxLength: LONG };
    const workedMs = working();
    const check = compileCheck(schema, { onUnchecked: (issue) => told.push(issue) });
    expect(told.map(({ path }) => path)).toEqual(['pattern']);
    expect([check('a'.repeat(LONG)).ok, check('a'.repeat(LONG + 1)).ok]).toEqual([true, false]);
    expect(workedMs()).toBeLessThan(LIMIT_MS);
  });
});
