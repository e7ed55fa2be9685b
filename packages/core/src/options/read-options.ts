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
  const resolved: Record<string, unknown> = {};
  // Every request comes by here, so that no list of the rows is made.
  for (const name in table) {
    const option = table[name] as OptionRow<unknown, unknown>;
    const given = fields.at(name);
    if (option.required && given.value === undefined && fields.isObject) {
      fields.addIssue(name, 'is required');
    }
    resolved[name] = option.read(given);
  }
  return resolved as ResolvedOf<T>;
}
