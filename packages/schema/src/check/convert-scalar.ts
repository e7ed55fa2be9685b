import { equalityKey, type SchemaNode } from '@intersect-sdk/contract/internal';
import { epochText, numberToTime, textToTime } from './times.js';

const INTEGER = /^[+-]?\d+(?:_\d+)*(?:\.0+)?$/;
const NUMBER = /^[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TRUE = new Set(['true', '1', 'yes', 'y', 'on', 't']);
const FALSE = new Set(['false', '0', 'no', 'n', 'off', 'f']);

export interface ConversionOptions {
  readonly isLenient: boolean;
  /** Whether the schema is a named type of the document. An enumeration of Python is one, a `Literal` never. */
  readonly isNamed: boolean;
}

/**
 * A value that is neither list nor object, converted as the reference does: true and 1 are one where values are listed, and the
 * seconds since 1970, as text, a date. Leniently also: `"5"` is 5 and true 1 where a number is asked for, `"yes"` and 1 are true
 * where a boolean is, a number is a time where a time is. Nothing else becomes text, and null stays null.
 */
export function convertScalar(
  schema: SchemaNode,
  value: unknown,
  { isLenient, isNamed }: ConversionOptions,
): unknown {
  if (typeof value === 'object') return value;
  const { type, format } = schema;
  const listed = schema.const === undefined ? schema.enum : [schema.const];
  if (Array.isArray(listed)) return amongValues(listed, value, isLenient && isNamed && type === 'integer');
  const result = isLenient && type !== undefined && !fitsType(type, value) ? toType(schema, value) : value;
  if (typeof result !== 'string') return result;
  return (
    (isLenient ? textToTime(result, format) : undefined) ?? epochText(result, format, isLenient) ?? result
  );
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** For Python true equals 1, and false 0. */
function amongValues(values: readonly unknown[], value: unknown, mayBeText: boolean): unknown {
  if (values.includes(equalityKey(value))) return value;
  const twin = typeof value === 'boolean' ? Number(value) : toTwin(value);
  const equal = twin ?? (mayBeText ? toNumber(value, true) : undefined);
  return values.includes(equal) ? equal : value;
}

function toTwin(value: unknown): boolean | undefined {
  return value === 0 || value === 1 ? value === 1 : undefined;
}

function toType({ type: types, format }: SchemaNode, value: unknown): unknown {
  for (const type of listOf(types)) {
    const converted =
      type === 'integer' || type === 'number'
        ? toNumber(value, type === 'integer')
        : type === 'boolean'
          ? toBoolean(value)
          : type === 'string' && isNumber(value)
            ? numberToTime(Number(value), format)
            : undefined;
    if (converted !== undefined) return converted;
  }
  return value;
}

function toNumber(value: unknown, integer: boolean): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (!(integer ? INTEGER : NUMBER).test(text)) return undefined;
  const number = Number(text.replaceAll('_', ''));
  // Beyond 2^53 the number would be another one than the text says.
  return integer && !Number.isSafeInteger(number) ? undefined : number;
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value !== 'string') return toTwin(value);
  const text = value.toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function fitsType(type: unknown, value: unknown): boolean {
  return listOf(type).some((each) => {
    if (each === 'integer') return Number.isInteger(value) || typeof value === 'bigint';
    if (each === 'number') return isNumber(value);
    return typeof value === each;
  });
}
