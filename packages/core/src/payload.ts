import { MessageError, ValidationError } from './errors.js';
import { describe } from './field-reader.js';
import { jsonIssues } from './json-issues.js';
import { DEFAULT_CONTENT_TYPE } from './names.js';
import { encodeUtf8 } from './utf8.js';

/** How many levels of lists and objects a JSON payload may have, unless told otherwise. */
export const DEFAULT_MAX_JSON_DEPTH = 512;

export interface DecodePayloadOptions {
  /** An empty JSON payload is undefined instead of an error. Default false. */
  readonly allowEmpty?: boolean | undefined;
  /** The most levels of lists and objects in a JSON payload. Default 512. */
  readonly maxDepth?: number | undefined;
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });
const lossyDecoder = new TextDecoder('utf-8');

/**
 * The bytes of a payload. Under `application/json` compact UTF-8 JSON, where undefined and null both
 * become `null`; what would be lost or changed on the way (NaN, BigInt, functions, Map, Set, bytes,
 * cycles, undefined in a list ...) is refused. Under any other content type the value is a
 * `Uint8Array` and comes back as it is. Throws ValidationError with every problem (protocol section 3).
 */
export function encodePayload(value: unknown, contentType: string): Uint8Array {
  if (contentType !== DEFAULT_CONTENT_TYPE) {
    if (value instanceof Uint8Array) return value;
    throw new ValidationError('The payload cannot be sent', [
      { path: '', message: `must be a Uint8Array under content type ${contentType}, got ${describe(value)}` },
    ]);
  }
  const json = value === undefined ? null : value;
  const issues = jsonIssues(json, DEFAULT_MAX_JSON_DEPTH);
  if (issues.length > 0) throw new ValidationError('The payload cannot be sent as JSON', issues);
  return encodeUtf8(JSON.stringify(json));
}

/**
 * The value of a payload: what the JSON says under `application/json`, the bytes themselves under any
 * other content type. Numbers beyond 2^53 lose digits, as always in JavaScript. A key `__proto__` is
 * an ordinary field of the result. Throws MessageError PAYLOAD_INVALID for what is not UTF-8 or not
 * JSON, is empty, or is nested too deep; the error never shows the payload.
 */
export function decodePayload(
  payload: Uint8Array,
  contentType: string,
  options: DecodePayloadOptions = {},
): unknown {
  if (contentType !== DEFAULT_CONTENT_TYPE) return payload;
  if (payload.length === 0 && options.allowEmpty) return undefined;
  const { maxDepth = DEFAULT_MAX_JSON_DEPTH } = options;
  const text = decodeStrict(payload);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the payload, so it is not passed on as the cause.
    throw invalid(payload.length === 0 ? 'is empty' : 'is not valid JSON');
  }
  // Each level takes two characters, so a short text cannot be too deep.
  if (text.length > maxDepth * 2 && isDeeper(value, maxDepth)) {
    throw invalid(`is nested deeper than ${maxDepth} levels`);
  }
  return value;
}

/** The payload as text, e.g. the sentence of an error response. Bytes that are not UTF-8 become U+FFFD. */
export function decodeText(payload: Uint8Array): string {
  return lossyDecoder.decode(payload);
}

function decodeStrict(payload: Uint8Array): string {
  try {
    return strictDecoder.decode(payload);
  } catch {
    throw invalid('is not UTF-8 text');
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(item, levels - 1)) return true;
  }
  return false;
}

function invalid(problem: string): MessageError {
  return new MessageError('PAYLOAD_INVALID', `The JSON payload ${problem}`);
}
