import type { FieldReader } from '@intersect-sdk/core/internal';

/** Adds a problem for each of `others` that is given although `first` is. */
export function refuseBeside(read: FieldReader, first: string, others: readonly string[]): void {
  if (read.raw(first) === undefined) return;
  for (const name of others) {
    if (read.raw(name) !== undefined) read.addIssue(name, `must not be given together with ${first}`);
  }
}
