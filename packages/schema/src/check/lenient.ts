import {
  canonicalText,
  equalityKey,
  isNode,
  type JsonSchema,
  parseRef,
  type SchemaNode,
} from '@intersect-sdk/contract/internal';

export interface LenientContext {
  readonly definitions: ReadonlyMap<string, JsonSchema>;
  /** Whether a value fits a branch of the schema as it is. */
  readonly fits: (branch: JsonSchema, value: unknown) => boolean;
}

// Unions of unions are tried in every combination; beyond this many steps the value stays as it is.
const MAX_STEPS = 100_000;
// A value that holds itself is never at its end; payloads are nested at most so deep.
const MAX_DEPTH = 512;

/**
 * The value with defaults filled in and with what the reference converts converted: `"5"` to 5 and
 * true to 1 where a number is asked for, `"yes"` and 1 to true where a boolean is, a number to a time
 * where a time is, repeated items of a set dropped. Nothing becomes a string, and null stays null. The
 * value given is left as it is.
 */
export function prepareLeniently(schema: JsonSchema, value: unknown, context: LenientContext): unknown {
  return new Preparation(context).apply(schema, value);
}

class Preparation {
  readonly #context: LenientContext;
  #steps = 0;
  #depth = 0;

  constructor(context: LenientContext) {
    this.#context = context;
  }

  apply(schema: unknown, value: unknown): unknown {
    if (!isNode(schema) || ++this.#steps > MAX_STEPS) return value;
    let result = value;
    if (typeof schema.$ref === 'string') result = this.apply(this.#resolve(schema.$ref), result);
    for (const part of listOf(schema.allOf)) result = this.apply(part, result);
    for (const union of [listOf(schema.anyOf), listOf(schema.oneOf)]) {
      if (union.length > 0) result = this.#union(union, result);
    }
    if (schema.type !== undefined && !fitsType(schema.type, result)) result = convert(schema, result);
    if (typeof result === 'string' && schema.format === 'date-time') result = dateTimeOf(result);
    return this.#inside(schema, result);
  }

  #inside(schema: SchemaNode, value: unknown): unknown {
    if (!Array.isArray(value) && !isPlain(value)) return value;
    if (++this.#depth > MAX_DEPTH) throw new RangeError('The value is nested too deep');
    const result = Array.isArray(value) ? this.#list(schema, value) : this.#object(schema, value);
    this.#depth -= 1;
    return result;
  }

  #union(branches: readonly unknown[], value: unknown): unknown {
    const { fits } = this.#context;
    const exact = branches.find((branch) => fits(branch as JsonSchema, value));
    if (exact !== undefined) return this.apply(exact, value);
    for (const branch of branches) {
      const candidate = this.apply(branch, value);
      if (fits(branch as JsonSchema, candidate)) return candidate;
    }
    return value;
  }

  #list(schema: SchemaNode, list: readonly unknown[]): unknown {
    const prefix = listOf(schema.prefixItems);
    if (prefix.length === 0 && !isNode(schema.items) && schema.uniqueItems !== true) return list;
    const items = list.map((item, index) =>
      this.apply(index < prefix.length ? prefix[index] : schema.items, item),
    );
    return schema.uniqueItems === true ? withoutRepeats(items) : items;
  }

  #object(schema: SchemaNode, object: SchemaNode): unknown {
    const properties = isNode(schema.properties) ? schema.properties : {};
    const patterns = isNode(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
    const entries = Object.entries(object).map(([key, field]) => {
      if (Object.hasOwn(properties, key)) return [key, this.apply(properties[key], field)];
      // Keys that match none are checked by the validator; patterns are few, and mostly one that takes all.
      const matching = patterns.length === 1 ? patterns[0]?.[1] : undefined;
      return [key, this.apply(matching ?? schema.additionalProperties, field)];
    });
    for (const [key, property] of Object.entries(properties)) {
      if (Object.hasOwn(object, key) || !isNode(property) || !Object.hasOwn(property, 'default')) continue;
      entries.push([key, structuredClone(property.default)]);
    }
    return Object.fromEntries(entries);
  }

  #resolve(ref: string): unknown {
    const target = parseRef(ref);
    if (target.kind !== 'named') return undefined;
    let found: unknown = this.#context.definitions.get(target.name);
    for (const part of target.inside) found = isNode(found) ? found[part] : undefined;
    return found;
  }
}

const INTEGER = /^[+-]?\d+(?:_\d+)*(?:\.0+)?$/;
const NUMBER = /^[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TRUE = new Set(['true', '1', 'yes', 'y', 'on', 't']);
const FALSE = new Set(['false', '0', 'no', 'n', 'off', 'f']);
const EPOCH = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const SECONDS_UNTIL = 20_000_000_000;
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

function convert(schema: SchemaNode, value: unknown): unknown {
  for (const type of listOf(schema.type)) {
    const converted =
      type === 'integer' || type === 'number'
        ? toNumber(value, type === 'integer')
        : type === 'boolean'
          ? toBoolean(value)
          : type === 'string'
            ? toTimeText(value, schema.format)
            : undefined;
    // An enumeration takes its values as they are.
    if (converted !== undefined && schema.enum === undefined && schema.const === undefined) return converted;
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
  if (value === 0 || value === 1) return value === 1;
  if (typeof value !== 'string') return undefined;
  const text = value.toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}

function toTimeText(value: unknown, format: unknown): string | undefined {
  if (typeof value === 'bigint') return toTimeText(Number(value), format);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  if (format === 'duration') return `${value < 0 ? '-' : ''}PT${Math.abs(value)}S`;
  if (format !== 'date-time') return undefined;
  const ms = Math.abs(value) > SECONDS_UNTIL ? value : value * 1000;
  return Math.abs(ms) <= LAST_MS ? new Date(ms).toISOString() : undefined;
}

function dateTimeOf(text: string): string {
  if (DATE.test(text)) return `${text}T00:00:00`;
  return EPOCH.test(text) ? (toTimeText(Number(text), 'date-time') ?? text) : text;
}

function fitsType(type: unknown, value: unknown): boolean {
  return listOf(type).some((each) => {
    if (each === 'null') return value === null;
    if (each === 'array') return Array.isArray(value);
    if (each === 'object') return isNode(value);
    if (each === 'integer') return Number.isInteger(value) || typeof value === 'bigint';
    if (each === 'number') return typeof value === 'number' || typeof value === 'bigint';
    return typeof value === each;
  });
}

function withoutRepeats(items: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>();
  return items.filter((item) => {
    const key = typeof item === 'object' && item !== null ? canonicalText(item) : equalityKey(item);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

// Dates and the like may be handed in by a program itself; only what JSON has is converted.
function isPlain(value: unknown): value is SchemaNode {
  if (!isNode(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
