import { decodePayload, encodePayload, ValidationError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import type { CheckResult } from '@intersect-sdk/schema';
import type { CompiledPayload } from './compiled.js';

/**
 * The bytes of a value that a capability gives: an answer, an event, a status. They are its own: what becomes of the value afterwards
 * changes nothing. Throws ValidationError if it doesn't fit the schema or can't be carried (NaN and Infinity can't, the reference sends
 * `null` for them). A value with `toJSON`, a Date for one, is judged by what it becomes.
 */
export function encodeValue(
  value: unknown,
  { contentType, check }: CompiledPayload,
  what: string,
): Uint8Array {
  const given = value === undefined ? null : value;
  const checked = check(given);
  if (contentType !== DEFAULT_CONTENT_TYPE) {
    throwUnless(checked, what);
    return encodePayload(given, contentType);
  }
  const bytes = encodeJson(given, what);
  if (!checked.ok)
    throwUnless(check(decodePayload(bytes, DEFAULT_CONTENT_TYPE, { integers: 'bigint' })), what);
  return bytes;
}

function throwUnless(checked: CheckResult, what: string): void {
  if (!checked.ok) throw new ValidationError(what, checked.issues);
}

function encodeJson(value: unknown, what: string): Uint8Array {
  try {
    return encodePayload(value, DEFAULT_CONTENT_TYPE);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(what, error.issues);
  }
}
