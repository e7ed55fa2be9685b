import { encodePayload, ValidationError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import type { CheckResult } from '@intersect-sdk/schema';
import type { CompiledPayload } from './compiled.js';

/**
 * The bytes of a value that a capability gives: an answer, an event, a status. Throws ValidationError
 * if it doesn't fit the schema or can't be carried. As in the reference a number that JSON does not
 * know (NaN, Infinity) is `null`, and a value with `toJSON`, a Date for one, is judged by what it becomes.
 */
export function encodeValue(
  value: unknown,
  { contentType, check }: CompiledPayload,
  what: string,
): Uint8Array {
  const given = value === undefined ? null : value;
  const checked = check(given);
  if (contentType !== DEFAULT_CONTENT_TYPE) {
    if (!checked.ok) throw new ValidationError(what, checked.issues);
    return encodePayload(given, contentType);
  }
  const bytes = encodeJson(given);
  if (!checked.ok) throwUnless(check(asCarried(given)), what);
  return bytes;
}

function throwUnless(checked: CheckResult, what: string): void {
  if (!checked.ok) throw new ValidationError(what, checked.issues);
}

function encodeJson(value: unknown): Uint8Array {
  try {
    return encodePayload(value, DEFAULT_CONTENT_TYPE);
  } catch (error) {
    const onlyNumbers =
      error instanceof ValidationError && error.issues.every(({ message }) => /NaN|Infinity/.test(message));
    if (!onlyNumbers) throw error;
    return encodePayload(JSON.parse(JSON.stringify(value)), DEFAULT_CONTENT_TYPE);
  }
}

// NaN counts as a number although null is what goes out, so it must not fail the check of a number.
function asCarried(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === 'number' && !Number.isFinite(item) ? 0 : item,
    ),
  );
}
