import type { Issue } from '../errors/errors.js';
import { FieldReader, type Given, throwConfigError } from '../plumbing/field-reader.js';
import type { OptionRow, OptionTable, ResolvedOf } from './option.js';

/**
 * Reads options from one object. Throws one ConfigError (CONFIG_INVALID) that lists every problem, each field that
 * `read` did not ask for included. `what` begins its message: `The hub options cannot be used`.
 */
export function readOptions<T>(what: string, input: unknown, read: (fields: FieldReader) => T): T {
  const issues: Issue[] = [];
  const options = readNested({ value: input, path: '', issues }, read);
  throwConfigError(what, issues);
  return options;
}

/** As `readOptions`, for an object within another one, which throws for both. */
export function readNested<T>({ value, path, issues }: Given, read: (fields: FieldReader) => T): T {
  const fields = new FieldReader(value, issues, path);
  const options = read(fields);
  fields.rejectUnknown();
  return options;
}

/**
 * Reads the options of a table and remembers every problem; the result is of use only if there is none. The caller may
 * read a second table from the same object, and add issues where options don't go together.
 */
export function readTable<T extends OptionTable>(fields: FieldReader, table: T): ResolvedOf<T> {
  const leftOut = leftOutOf(table);
  const resolved: Record<string, unknown> = { ...leftOut };
  // Every request comes by here, so that no list of the rows is made.
  for (const name in table) {
    const value = fields.raw(name);
    if (value === undefined && name in leftOut) continue;
    const option = table[name] as OptionRow<unknown, unknown>;
    if (option.required && value === undefined && fields.isObject) fields.addIssue(name, 'is required');
    resolved[name] = option.read({ value, path: fields.pathOf(name), issues: fields.issues });
  }
  return resolved as ResolvedOf<T>;
}

const leftOutOfTables = new WeakMap<OptionTable, Readonly<Record<string, unknown>>>();

/** What the options of a table are that are left out, as far as it is the same each time: no object, and no problem. */
function leftOutOf(table: OptionTable): Readonly<Record<string, unknown>> {
  const known = leftOutOfTables.get(table);
  if (known) return known;
  const leftOut: Record<string, unknown> = {};
  for (const name in table) {
    const option = table[name] as OptionRow<unknown, unknown>;
    const issues: Issue[] = [];
    const value = option.required ? undefined : option.read({ value: undefined, path: name, issues });
    const isSame = typeof value !== 'object' && typeof value !== 'function';
    if (!option.required && isSame && issues.length === 0) leftOut[name] = value;
  }
  leftOutOfTables.set(table, leftOut);
  return leftOut;
}
