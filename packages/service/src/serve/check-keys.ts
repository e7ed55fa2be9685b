import type { Issue } from '@intersect-sdk/core';
import { kindOf, throwConfigError } from '@intersect-sdk/core/internal';

/** A copy of the keys of operations. Throws ConfigError with every problem. */
export function checkKeys(given: unknown): string[] {
  const issues: Issue[] = [];
  const keys = isCollection(given) ? [...given] : [];
  // A text could be iterated too, letter by letter, but a caller who gives one means a single key.
  if (!isCollection(given))
    issues.push({ path: 'keys', message: `must be a list or a set, got ${kindOf(given)}` });
  for (const [index, key] of keys.entries()) {
    if (typeof key === 'string') continue;
    issues.push({ path: `keys[${index}]`, message: `must be a string, got ${kindOf(key)}` });
  }
  throwConfigError('The keys cannot be used', issues);
  return keys as string[];
}

function isCollection(given: unknown): given is Iterable<unknown> {
  return typeof given === 'object' && given !== null && Symbol.iterator in given;
}
