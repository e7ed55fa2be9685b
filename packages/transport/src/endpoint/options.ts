import type { Issue } from '@intersect-sdk/core';
import { FieldReader, throwConfigError } from '@intersect-sdk/core/internal';

/**
 * Reads options field by field. Throws one ConfigError (CONFIG_INVALID) that lists every problem, each field that
 * `read` did not ask for included. `what` begins its message: `The hub options cannot be used`.
 */
export function readOptions<T>(what: string, input: unknown, read: (fields: FieldReader) => T): T {
  const issues: Issue[] = [];
  const fields = new FieldReader(input, issues);
  const options = read(fields);
  fields.rejectUnknown();
  throwConfigError(what, issues);
  return options;
}

/** Adds a problem for each of `others` that is given although `first` is. */
export function refuseBeside(read: FieldReader, first: string, others: readonly string[]): void {
  if (read.raw(first) === undefined) return;
  for (const name of others) {
    if (read.raw(name) !== undefined) read.addIssue(name, `must not be given together with ${first}`);
  }
}
