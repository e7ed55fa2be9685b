import { isNode, type JsonSchema } from '@intersect-sdk/contract/internal';
import { compileCheck, readServiceSchema } from '@intersect-sdk/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateContract } from '../../src/index.js';
import { problemsOf } from '../support/compile.js';
import { type Document, fixture, recorded } from '../support/documents.js';
import { valuesOf } from '../support/values.js';

const VALUES = 1_000;
const SEED = Number(process.env.INTERSECT_SEED ?? 20261126);

interface Place {
  /** The type, as a user of the module names it. */
  readonly type: string;
  readonly schema: JsonSchema;
  readonly direction: 'request' | 'answer';
}

function placesOf(document: Document): {
  readonly places: readonly Place[];
  readonly definitions: Readonly<Record<string, JsonSchema>>;
} {
  const { capabilities, definitions: given } = readServiceSchema(document);
  // The one type of which the documents say only that it is itself; no check can be made of that.
  const definitions = Object.hasOwn(given, 'Alone') ? { ...given, Alone: {} } : given;
  const places = capabilities
    .filter(({ name }) => name !== 'intersect_sdk')
    .flatMap(({ name, operations, events, status }) => {
      const shape = `${name}Shape`;
      return [
        ...operations.flatMap(({ name: operation, request, response }): Place[] => [
          ...(request
            ? [
                {
                  type: `${shape}['operations']['${operation}']['argument']`,
                  schema: request.schema,
                  direction: 'request',
                } as const,
              ]
            : []),
          {
            type: `${shape}['operations']['${operation}']['answer']`,
            schema: response.schema,
            direction: 'answer',
          },
        ]),
        ...events.map(
          ({ name: event, schema }): Place => ({
            type: `${shape}['events']['${event}']`,
            schema,
            direction: 'answer',
          }),
        ),
        ...(status === undefined
          ? []
          : [{ type: `${shape}['status']['value']`, schema: status, direction: 'answer' } as const]),
      ];
    });
  const json = places.filter(
    ({ schema }) => !(isNode(schema) && schema.format === 'binary' && schema.contentMediaType !== undefined),
  );
  return { places: json, definitions };
}

/** A thousand values that the schema takes; what a service gives has all fields with a default. */
function takenBy({ schema, direction }: Place, definitions: Readonly<Record<string, JsonSchema>>): unknown[] {
  const check = compileCheck(schema, { definitions });
  const complete = compileCheck(schema, { definitions, mode: 'strict' });
  const taken = fc
    .sample(valuesOf(schema, definitions), { seed: SEED, numRuns: VALUES * 3 })
    .filter((value) => check(value).ok)
    .map((value) => {
      const completed = direction === 'answer' ? complete(value) : { ok: true as const, value };
      return completed.ok ? completed.value : value;
    });
  return taken.slice(0, VALUES);
}

/** Types tell texts and numbers apart only where a schema names them, so one stands for all others. */
function representative(value: unknown, named: ReadonlySet<unknown>): unknown {
  if (typeof value === 'string') return named.has(value) ? value : 'some text';
  if (typeof value === 'number') return named.has(value) ? value : 77;
  if (Array.isArray(value)) return value.map((item) => representative(item, named));
  if (!isNode(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, representative(field, named)]),
  );
}

function namedValues(schema: unknown, found = new Set<unknown>()): Set<unknown> {
  if (Array.isArray(schema)) for (const item of schema) namedValues(item, found);
  if (!isNode(schema)) return found;
  if (Object.hasOwn(schema, 'const')) found.add(schema.const);
  if (Array.isArray(schema.enum)) for (const value of schema.enum) found.add(value);
  for (const value of Object.values(schema)) namedValues(value, found);
  return found;
}

/** The literal types of the values, each given to the type of the module: no freshness, so further fields are no error. */
function assignments(document: Document, module: string): string {
  const { places, definitions } = placesOf(document);
  const named = namedValues(document);
  const lines = places.flatMap((place) => {
    const taken = takenBy(place, definitions);
    expect(taken.length, place.type).toBe(VALUES);
    const different = new Set(taken.map((value) => JSON.stringify(representative(value, named))));
    return [...different].map((text) => `take<${place.type}>(given<${text}>());`);
  });
  const shapes = [...new Set(places.map(({ type }) => type.slice(0, type.indexOf('['))))];
  return [
    `import type { ${shapes.join(', ')} } from './${module}.js';`,
    'declare function given<Value>(): Value;',
    'declare function take<Wanted>(value: Wanted): void;',
    ...lines,
  ].join('\n');
}

const documents = [
  ['python-sdk-0.9.3', recorded.get('python-sdk-0.9.3')],
  ['schema-probe', fixture('schema-probe.json')],
] as const;

test.each(documents)('what a schema takes, its type takes: %s', (name, document) => {
  const files = {
    [`${name}.ts`]: generateContract(document),
    'values.ts': assignments(document as Document, name),
  };
  expect(files['values.ts']?.split('\n').length).toBeGreaterThan(20);
  expect(problemsOf(files).slice(0, 10)).toEqual([]);
});
