import type { Issue } from '../errors/errors.js';
import { FieldReader, throwConfigError } from '../plumbing/field-reader.js';
import type { OptionTable, ResolvedOf } from './option.js';

export interface ResolveRule<T extends OptionTable> {
  /** What the error begins with: `The client cannot be set up`. */
  readonly what: string;
  /** What no row can know by itself: adds an issue where options don't go together. */
  readonly check?: (options: ResolvedOf<T>, fields: FieldReader) => void;
}

/** Checks and completes the options of a table; changes nothing in them. Throws one ConfigError with every problem. */
export function resolveOptions<T extends OptionTable>(
  table: T,
  input: unknown,
  { what, check }: ResolveRule<T>,
): ResolvedOf<T> {
  const issues: Issue[] = [];
  const fields = new FieldReader(input, issues);
  const options = readOptions(fields, table);
  fields.rejectUnknown();
  check?.(options, fields);
  throwConfigError(what, issues);
  return options;
}

/**
 * Reads the options of a table and remembers every problem; the result is of use only if there is none. Unknown
 * names are left to `fields.rejectUnknown()`, as the caller may read a second table from the same object.
 */
export function readOptions<T extends OptionTable>(fields: FieldReader, table: T): ResolvedOf<T> {
  const resolved: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    const given = fields.at(name);
    if (option.required && given.value === undefined && fields.isObject) {
      fields.addIssue(name, 'is required');
    }
    resolved[name] = option.read(given);
  }
  return resolved as ResolvedOf<T>;
}

/** What each option of the table is when it is left out. */
export function defaultsOf<T extends OptionTable>(table: T): ResolvedOf<T> {
  return readOptions(new FieldReader({}, []), table);
}
