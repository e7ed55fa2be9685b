import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { compileCheck, type JsonSchema } from '../../src/index.js';

interface Case {
  readonly type: string;
  readonly mode: 'strict' | 'lenient';
  readonly schema: JsonSchema;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly values: readonly {
    readonly value: unknown;
    readonly taken: boolean;
    readonly becomes?: unknown;
  }[];
}

// What pydantic 2.14 does with each value under the schema that it gives for a type: whether it takes
// the value, and how it writes it again. The reference checks requests with pydantic.
const cases = JSON.parse(
  readFileSync(new URL('../fixtures/pydantic-values.json', import.meta.url), 'utf8'),
) as Case[];

const ACCEPTED_DIFFERENCES: Readonly<Record<string, readonly unknown[]>> = {
  // The same duration, written in years and days.
  'lenient timedelta': [1700000000],
};

test.each(cases.map((each) => [`${each.mode} ${each.type}`, each] as const))('%s', (name, each) => {
  const { schema, definitions, mode, values } = each;
  const check = compileCheck(schema, { definitions, mode });
  const different = values.filter(({ value, taken, becomes }) => {
    const result = check(value);
    return result.ok !== taken || (result.ok && !isSame(result.value, becomes));
  });
  expect(different.map(({ value }) => value)).toEqual(ACCEPTED_DIFFERENCES[name] ?? []);
});

test('there is nothing in the list of differences that is none', () => {
  const names = cases.map(({ mode, type }) => `${mode} ${type}`);
  expect(Object.keys(ACCEPTED_DIFFERENCES).filter((name) => !names.includes(name))).toEqual([]);
});

/** Times are the same if they are the same instant, however many digits they have. */
function isSame(ours: unknown, theirs: unknown): boolean {
  if (isDeepStrictEqual(ours, theirs)) return true;
  const times = [ours, theirs].map((value) =>
    /^\d{4}-\d\d-\d\dT/.test(String(value)) ? Date.parse(String(value)) : Number.NaN,
  );
  return times[0] === times[1];
}
