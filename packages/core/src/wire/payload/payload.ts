import { type Issue, MessageError, ValidationError } from '../../errors/errors.js';
import { encodeUtf8 } from '../../plumbing/utf8.js';
import { kindOf } from '../../plumbing/value-rules.js';
import { DEFAULT_CONTENT_TYPE } from '../names.js';
import { losesDigits, parseBigIntegers, stringifyBigIntegers } from './big-integers.js';
import { jsonFitness } from './json-issues.js';
import { lookAtJson } from './json-limits.js';
import { loneSurrogateIssues } from './lone-surrogates.js';
import { decodeLongText, encodeLongText } from './long-text.js';
import { largestNumberIn } from './number-look.js';

/** How many levels of lists and objects a JSON payload may have, unless told otherwise. */
const DEFAULT_MAX_JSON_DEPTH = 512;

/** How many members a JSON payload may have, unless told otherwise: items of lists, and fields, which count more. */
const DEFAULT_MAX_JSON_MEMBERS = 2_000_000;

/** What a whole number beyond 2^53 becomes that comes in. */
export type Integers = 'number' | 'bigint';

export interface DecodePayloadOptions {
  /** An empty JSON payload is undefined instead of an error. Default false. */
  readonly allowEmpty?: boolean | undefined;
  /** The most levels of lists and objects in a JSON payload. Default 512. */
  readonly maxDepth?: number | undefined;
  /**
   * The most members in a JSON payload, all together: an item of a list counts 1, a field of an object 8, since it takes so much longer
   * to read. Default 2,000,000, which are 250,000 fields.
   */
  readonly maxMembers?: number | undefined;
  /**
   * What a whole number is that JSON has and that is no safe integer of JavaScript, below -(2^53 - 1) or above 2^53 - 1: with `bigint` a
   * bigint of the same digits, with `number` the nearest number. Every other number is a number either way, also one that is written with
   * a fraction or an exponent. Default `number`.
   */
  readonly integers?: Integers | undefined;
  /**
   * Called where `integers` is `number`, and JSON has a whole number that is another one as a number. Without
   * it such numbers are not looked for.
   */
  readonly onDigitsLost?: (() => void) | undefined;
}

/** How JSON writes half of a character, which only beside its other half is one. */
const MAY_BE_HALF = /\\u[dD][89a-fA-F]/;

// A byte order mark is no JSON, so it is not to be swallowed.
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossyDecoder = new TextDecoder('utf-8');

/**
 * The bytes of a payload. Under `application/json` compact UTF-8 JSON, where undefined and null both
 * become `null`; a bigint becomes its digits; what would be lost or changed on the way (NaN, functions, Map, Set, bytes,
 * cycles, undefined in a list, half of a character ...) is refused. Under any other content type the value is a
 * `Uint8Array`; what comes back is a copy. So whatever becomes of the value later, the bytes are what it was. Throws ValidationError
 * with every problem (protocol section 3).
 */
export function encodePayload(value: unknown, contentType: string): Uint8Array {
  if (contentType !== DEFAULT_CONTENT_TYPE) {
    // Not `slice()`: a Buffer's shares its memory.
    if (value instanceof Uint8Array) return new Uint8Array(value);
    throw new ValidationError('The payload cannot be sent', [
      { path: '', message: `must be a Uint8Array under content type ${contentType}, got ${kindOf(value)}` },
    ]);
  }
  const longText = encodeLongText(value);
  if (longText) return longText;
  const json = value === undefined ? null : value;
  const { issues, hasBigIntegers } = jsonFitness(json, DEFAULT_MAX_JSON_DEPTH);
  if (issues.length > 0) throw new ValidationError('The payload cannot be sent as JSON', issues);
  const text = hasBigIntegers ? stringifyBigIntegers(json) : JSON.stringify(json);
  // Half of a character can't be written in UTF-8; JSON has a way to write it, which most readers refuse.
  const halves = text.includes('\\ud') ? loneSurrogateIssues(JSON.parse(text)) : [];
  if (halves.length > 0) throw new ValidationError('The payload cannot be sent as JSON', halves);
  return encodeUtf8(text);
}

/**
 * The value of a payload: what the JSON says under `application/json`, a copy of the bytes under any
 * other content type. Whole numbers beyond 2^53 lose digits, as always in JavaScript, unless `integers` says otherwise. A key `__proto__` is
 * an ordinary field of the result. Throws MessageError PAYLOAD_INVALID for what is not UTF-8 or not
 * JSON, is empty, is nested too deep, has too many members, a number beyond 1.8e308 or half of a character, which the reference does not
 * read either; the error never shows the payload.
 */
export function decodePayload(
  payload: Uint8Array,
  contentType: string,
  options: DecodePayloadOptions = {},
): unknown {
  // Several may get one message, and it may come again.
  if (contentType !== DEFAULT_CONTENT_TYPE) return new Uint8Array(payload);
  if (payload.length === 0 && options.allowEmpty) return undefined;
  const { maxDepth = DEFAULT_MAX_JSON_DEPTH, maxMembers = DEFAULT_MAX_JSON_MEMBERS } = options;
  const text = decodeStrict(payload);
  const { excess, mayHaveBigNumbers } = lookAtJson(text, { maxDepth, maxMembers });
  if (excess !== undefined) throw invalid(excess);
  const value = decodeLongText(text, payload) ?? parse(text);
  const largest = mayHaveBigNumbers ? largestNumberIn(value) : 'safe';
  if (largest === 'infinite') throwIfInfinite(value);
  const halves = mayHaveHalves(text) ? loneSurrogateIssues(value) : [];
  if (halves.length > 0) throw invalid('cannot be read', halves);
  if (largest !== 'big') return value;
  if (options.integers === 'bigint') return parseBigIntegers(text);
  if (options.onDigitsLost && losesDigits(text)) options.onDigitsLost();
  return value;
}

/** As `decodePayload`, of bytes that nobody else has: under any other content type than `application/json` they are the value, and not copied. */
export function decodeOwnPayload(
  payload: Uint8Array,
  contentType: string,
  options: DecodePayloadOptions = {},
): unknown {
  return contentType === DEFAULT_CONTENT_TYPE ? decodePayload(payload, contentType, options) : payload;
}

/** A plain search is three times as fast as the pattern, and mostly enough. */
function mayHaveHalves(text: string): boolean {
  return text.includes('\\u') && MAY_BE_HALF.test(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the payload, so it is not passed on as the cause.
    throw invalid(text.length === 0 ? 'is empty' : 'is not valid JSON');
  }
}

/** The payload as text, e.g. the sentence of an error response. Bytes that are not UTF-8 become U+FFFD. */
export function decodeText(payload: Uint8Array): string {
  return lossyDecoder.decode(payload);
}

/** `1e400` is JSON, and would become Infinity, which no schema lets through and no answer can give back. */
function throwIfInfinite(value: unknown, path = ''): void {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return;
    throw invalid('cannot be read', [{ path, message: 'is a number too large to be read' }]);
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) throwIfInfinite(item, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) throwIfInfinite(item, path ? `${path}.${key}` : key);
  }
}

function decodeStrict(payload: Uint8Array): string {
  try {
    return strictDecoder.decode(payload);
  } catch {
    throw invalid('is not UTF-8 text');
  }
}

function invalid(problem: string, issues: readonly Issue[] = []): MessageError {
  return new MessageError('PAYLOAD_INVALID', `The JSON payload ${problem}`, { issues });
}
