import { ValidationError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import { UsageError } from '../outcome/usage-error.js';
import { argumentOf } from './argument.js';
import type { FoundSchema } from './find-schema.js';
import { operationSchemaOf } from './operation-schema.js';

/** What is to be sent. */
export interface GivenCall {
  readonly address: string;
  readonly operation: string;
  readonly bytes: Uint8Array | undefined;
  /** The content type, where the person says it. */
  readonly type: string | undefined;
}

export interface PreparedCall {
  readonly contentType: string;
  readonly payload: unknown;
  /** Whether the items of the answer can be had one by one. */
  readonly isStream: boolean;
  /** Why it was not checked, as a sentence; undefined where it was. */
  readonly unchecked?: string;
}

/** The argument as it is sent. Throws ValidationError where the schema says that it does not fit. */
export function checkCall(given: GivenCall, schema: FoundSchema | undefined): PreparedCall {
  const { address, operation, bytes, type } = given;
  const unchecked = (why: string): PreparedCall => {
    const contentType = type ?? DEFAULT_CONTENT_TYPE;
    return { contentType, payload: argumentOf(bytes, contentType), isStream: false, unchecked: why };
  };
  if (!schema) return unchecked(`Not checked: the schema of ${address} is not known (--check waits for it).`);
  const found = operationSchemaOf(schema.document, operation);
  if ('hint' in found) {
    const meant = found.hint && `; ${found.hint}`;
    return unchecked(`Not checked: the schema of ${address} has no ${operation}${meant}.`);
  }
  const { contentType, isStream } = found;
  if (type !== undefined && type !== contentType)
    throw new UsageError(`${operation} takes ${contentType}, not ${type}`);
  const payload = argumentOf(bytes, contentType);
  if (payload === undefined && found.mayBeLeftOut) return { contentType, payload, isStream };
  const result = found.check(payload ?? null);
  if (result.ok) return { contentType, payload, isStream };
  const seen = `by its schema, seen ${schema.seenAt.toISOString()}; --no-check sends it all the same`;
  throw new ValidationError(`The argument does not fit ${operation} (${seen})`, result.issues);
}
