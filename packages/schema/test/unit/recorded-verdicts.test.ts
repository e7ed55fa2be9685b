import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { decodePayload } from '@intersect-sdk/core';
import { expect, test } from 'vitest';
import { type Check, compileCheck, type JsonSchema } from '../../src/index.js';
import { type Difference, REASONS } from './verdict-differences.js';

type Mode = Difference['mode'];

interface Form {
  readonly form: string;
  readonly schema: JsonSchema;
  /** Further payloads, for this form alone. */
  readonly values: readonly string[];
  /** Payloads that the Python SDK takes, and what its handler gets. */
  readonly taken: Readonly<Partial<Record<Mode, Readonly<Record<string, string>>>>>;
}

interface Recorded {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  /** Payloads for every form. */
  readonly values: readonly string[];
  readonly forms: readonly Form[];
}

// What a service of the Python SDK says of arguments, in both of its modes; record_verdicts.py beside it asks it.
const { definitions, values, forms } = JSON.parse(
  readFileSync(new URL('../fixtures/verdicts.json', import.meta.url), 'utf8'),
) as Recorded;
const PAGE = readFileSync(
  new URL('../../../../docs/what-the-schema-document-does-not-carry.md', import.meta.url),
  'utf8',
);

const rows = forms.flatMap((form) =>
  Object.entries(form.taken).map(([mode, taken]) => ({ form, mode: mode as Mode, taken: taken ?? {} })),
);
const differences = rows.flatMap(({ form, mode, taken }) => {
  const check = compileCheck(form.schema, { definitions, mode });
  const raws = [...new Set([...values, ...form.values])];
  return raws.flatMap((raw): Difference[] => {
    const written = taken[raw];
    const theirs = written === undefined ? undefined : { value: asWritten(JSON.parse(written)) };
    const ours = verdict(check, raw);
    return isSame(ours, theirs) ? [] : [{ form: form.form, mode, raw, ours, theirs }];
  });
});

test.each(rows.map((row) => [`${row.form.form}, ${row.mode}`, row] as const))(
  '%s',
  (_name, { form, mode }) => {
    const own = differences.filter((one) => one.form === form.form && one.mode === mode);
    expect(own.filter((one) => !REASONS.some((reason) => reason.covers(one)))).toEqual([]);
  },
);

test('thousands of payloads were tried, and most of the verdicts are the same', () => {
  const tried = rows.reduce((sum, { form }) => sum + new Set([...values, ...form.values]).size, 0);
  expect(tried).toBeGreaterThan(30_000);
  expect(differences.length).toBeLessThan(tried / 10);
});

test.each(REASONS)('$heading: is a difference, and explained', (reason) => {
  expect(differences.some((one) => reason.covers(one))).toBe(true);
  expect(PAGE).toContain(`\n## ${reason.heading}\n`);
});

test('nothing is explained that is no difference', () => {
  const headings = [...PAGE.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(REASONS.map(({ heading }) => heading));
});

function verdict(check: Check, raw: string): Difference['ours'] {
  let given: unknown;
  try {
    given = decodePayload(new TextEncoder().encode(raw), 'application/json');
  } catch {
    return undefined;
  }
  const result = check(given);
  return result.ok ? { value: asWritten(result.value) } : undefined;
}

/** -0 is written 0. */
function asWritten(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function isSame(ours: Difference['ours'], theirs: Difference['theirs']): boolean {
  return isDeepStrictEqual(comparable(ours), comparable(theirs));
}

/** The same instant is the same, however it is written. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, comparable(field)]));
  }
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d./.test(value) ? instantOf(value) : value;
}

function instantOf(text: string): unknown {
  const plain = text
    .replace(',', '.')
    .replace(/^(.{10})[t _]/, '$1T')
    .replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  const time = Date.parse(plain.toUpperCase());
  return Number.isNaN(time) ? text : { time, hasZone: /(?:Z|[+-]\d\d:\d\d)$/i.test(plain) };
}
