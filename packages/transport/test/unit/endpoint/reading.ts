import { ConfigError } from '@intersect-sdk/core';
import type { FieldReader } from '@intersect-sdk/core/internal';
import { readOptions } from '../../../src/endpoint.js';

/** Every problem that reading these options meets, by its path. */
export function issuesOf(input: unknown, read: (fields: FieldReader) => unknown): Record<string, string> {
  try {
    readOptions('The options cannot be used', input, read);
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.issues.map(({ path, message }) => [path, message]));
  }
}

export function reading<T>(input: unknown, read: (fields: FieldReader) => T): T {
  return readOptions('The options cannot be used', input, read);
}
