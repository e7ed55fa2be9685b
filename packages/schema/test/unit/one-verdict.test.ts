import { readFileSync } from 'node:fs';
import { type JsonSchema, makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCheck, readServiceSchema } from '../../src/index.js';
import { KEYWORD_SCHEMAS } from './keyword-schemas.js';
import { nearValues } from './near-values.js';

const VALUES = 1_000;
const SEED = Number(process.env.INTERSECT_SEED ?? 20261126);

type Definitions = Readonly<Record<string, JsonSchema>>;
type Case = readonly [name: string, schema: JsonSchema, definitions: Definitions];

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

// All schemas that stand in what the Python SDK sent, and those that pydantic writes for its types.
const documents = [
  JSON.parse(fixture('schema-probe.json')),
  JSON.parse(JSON.parse(fixture('python-sdk-0.9.6.jsonl').split('\n')[0] ?? '').body.utf8).schema,
];

const cases: Case[] = [
  ...documents.flatMap(schemasIn),
  ...(
    JSON.parse(fixture('pydantic-values.json')) as {
      type: string;
      schema: JsonSchema;
      definitions: Definitions;
    }[]
  ).map(({ type, schema, definitions }): Case => [`pydantic's ${type}`, schema, definitions]),
  ...Object.entries(KEYWORD_SCHEMAS).map(([name, schema]): Case => [name, schema, {}]),
];
const unique = [...new Map(cases.map((each) => [each[0], each])).values()];

function schemasIn(document: {
  components: { messageTraits?: Record<string, { headers: JsonSchema }> };
}): Case[] {
  const { capabilities, definitions } = readServiceSchema(document);
  const found = capabilities.flatMap(
    ({ name, operations, events, status }): [string, JsonSchema | undefined][] => [
      ...operations.map(
        ({ name: operation, request }) =>
          [`request of ${name}.${operation}`, request?.schema] as [string, JsonSchema | undefined],
      ),
      ...operations.map(
        ({ name: operation, response }) =>
          [`answer of ${name}.${operation}`, response.schema] as [string, JsonSchema | undefined],
      ),
      ...events.map(
        ({ name: event, schema }) => [`event ${name}.${event}`, schema] as [string, JsonSchema | undefined],
      ),
      [`status of ${name}`, status],
    ],
  );
  const types = Object.entries(definitions).map(
    ([name, schema]) => [`type ${name}`, schema] as [string, JsonSchema],
  );
  const headers = Object.entries(document.components.messageTraits ?? {}).map(
    ([name, trait]) => [`headers ${name}`, trait.headers] as [string, JsonSchema],
  );
  return [...found, ...types, ...headers].flatMap(([name, schema]) =>
    schema === undefined ? [] : [[name, schema, definitions] as Case],
  );
}

test.each(unique)('one verdict without and with eval: %s', (_name, schema, definitions) => {
  const closures = makeCheck(prepareSchema(schema, { definitions }));
  const compiled = compileCheck(schema, { definitions });
  const values = fc.sample(nearValues(schema, definitions), { seed: SEED, numRuns: VALUES });
  const verdicts = values.map((value) => ({
    value,
    closures: closures(value).ok,
    compiled: compiled(value).ok,
  }));
  expect(verdicts.filter((each) => each.closures !== each.compiled)).toEqual([]);
  // Values of one kind alone would prove nothing.
  expect(verdicts.filter(({ compiled }) => compiled).length, 'values that fit').toBeGreaterThan(VALUES / 50);
  expect(verdicts.filter(({ compiled }) => !compiled).length, 'values that do not fit').toBeGreaterThan(
    VALUES / 50,
  );
});

/** The same value for JSON, with a bigint for each whole number that is exact. */
function withBigIntegers(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isInteger(value) && Math.abs(value) <= 2 ** 53 ? BigInt(value) : value;
  }
  if (Array.isArray(value)) return value.map(withBigIntegers);
  if (typeof value !== 'object' || value === null) return value;
  const copy: object = Object.create(Object.getPrototypeOf(value));
  for (const [name, field] of Object.entries(value)) {
    const parts = { value: withBigIntegers(field), enumerable: true, configurable: true, writable: true };
    Object.defineProperty(copy, name, parts);
  }
  return copy;
}

test.each(unique)('the same verdict on numbers and bigints: %s', (_name, schema, definitions) => {
  const checks = [makeCheck(prepareSchema(schema, { definitions })), compileCheck(schema, { definitions })];
  const values = fc.sample(nearValues(schema, definitions), { seed: SEED, numRuns: VALUES });
  const verdicts = values.map((value) => ({
    value,
    onNumbers: checks.map((check) => check(value).ok),
    onBigIntegers: checks.map((check) => check(withBigIntegers(value)).ok),
  }));
  const differ = verdicts.filter(({ onNumbers, onBigIntegers }) => `${onNumbers}` !== `${onBigIntegers}`);
  expect(differ).toEqual([]);
});

test('every document of the reference is compared', () => {
  const names = unique.map(([name]) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'request of Probe.obj',
      'answer of Echo.shift',
      'event Probe.made',
      'status of Probe',
      'type Sample',
      'type IntersectCoreStatus',
    ]),
  );
});

test('names that every object has are fields like any other to those that no rule knows', () => {
  const schema = {
    type: 'object',
    properties: { a: true },
    if: { required: ['b'] },
    unevaluatedProperties: false,
  };
  for (const check of [
    makeCheck(prepareSchema(schema)),
    compileCheck(schema),
    compileCheck(schema, { mode: 'lenient' }),
  ]) {
    expect(check({ a: 1 }).ok).toBe(true);
    expect(check({ a: 1, toString: 1 })).toEqual({
      ok: false,
      issues: [{ path: 'toString', message: 'is not a known field' }],
    });
  }
});
