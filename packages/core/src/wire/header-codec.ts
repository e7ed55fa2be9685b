import type { Static, TObject } from 'typebox';
import type { Issue } from '../errors/errors.js';
import { normaliseTimestamp } from './timestamp.js';
import { normaliseUuid } from './uuid.js';

/** What a property of a header schema can say. */
interface HeaderSchema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
}

/** Turns the text of a header into its value; undefined when it is malformed. */
type Read = (text: string) => string | boolean | undefined;

interface HeaderField {
  readonly key: string;
  /** The name on the wire, which is also the path of an issue. */
  readonly name: string;
  readonly read: Read;
  readonly fallback: unknown;
  /** What the value must be, for the sentence of an issue. */
  readonly must: string;
}

export interface HeaderCodec<T> {
  /** The headers that the schema knows, and nothing else; `issues` gets every problem. Undefined when there was one. */
  parse(raw: Readonly<Record<string, string>>, issues: Issue[]): T | undefined;
  encode(headers: T): Record<string, string>;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'y', 'on', 't'].map((text) => [text, true] as const),
  ...['false', '0', 'no', 'n', 'off', 'f'].map((text) => [text, false] as const),
]);

const LONGEST_QUOTE = 60;

/**
 * Compiles a header schema to closures: no code is made from text, so it runs under a strict
 * Content-Security-Policy. `names` says how each property is called on the wire.
 */
export function headerCodec<S extends TObject>(
  schema: S,
  names: Readonly<Record<string, string>>,
): HeaderCodec<Readonly<Static<S>>> {
  type Headers = Readonly<Static<S>>;
  const fields = Object.entries(schema.properties).map(([key, property]) =>
    fieldOf(key, names[key] ?? key, property as HeaderSchema),
  );
  return {
    parse(raw, issues) {
      const result: Record<string, unknown> = {};
      const before = issues.length;
      for (const field of fields) {
        const text = Object.hasOwn(raw, field.name) ? raw[field.name] : undefined;
        const value = text === undefined ? field.fallback : read(field, text);
        if (value === undefined) issues.push(problemOf(field, text));
        else result[field.key] = value;
      }
      return issues.length > before ? undefined : (result as Headers);
    },
    encode(headers) {
      const values = headers as Readonly<Record<string, unknown>>;
      const result: Record<string, string> = {};
      for (const { key, name } of fields) result[name] = String(values[key]);
      return result;
    },
  };
}

function read(field: HeaderField, text: unknown): string | boolean | undefined {
  return typeof text === 'string' ? field.read(text) : undefined;
}

function fieldOf(key: string, name: string, schema: HeaderSchema): HeaderField {
  return { key, name, fallback: schema.default, ...readerOf(schema) };
}

function readerOf(schema: HeaderSchema): Pick<HeaderField, 'read' | 'must'> {
  if (schema.enum) {
    const known = new Set(schema.enum);
    return {
      read: (text) => (known.has(text) ? text : undefined),
      must: `must be one of ${schema.enum.join(', ')}`,
    };
  }
  if (schema.type === 'boolean') {
    return {
      read: (text) => BOOLEANS.get(text) ?? BOOLEANS.get(text.toLowerCase()),
      must: "must be 'true' or 'false'",
    };
  }
  if (schema.format === 'uuid') return { read: normaliseUuid, must: 'must be a UUID' };
  if (schema.format === 'date-time') {
    return { read: normaliseTimestamp, must: 'must be an ISO 8601 time with an offset' };
  }
  if (schema.pattern !== undefined) {
    const pattern = new RegExp(schema.pattern);
    return { read: (text) => (pattern.test(text) ? text : undefined), must: `must match ${schema.pattern}` };
  }
  return { read: (text) => text, must: 'must be a string' };
}

function problemOf(field: HeaderField, value: unknown): Issue {
  if (value === undefined) return { path: field.name, message: 'is missing' };
  const got = typeof value === 'string' ? quote(value) : typeof value;
  return { path: field.name, message: `${field.must}, got ${got}` };
}

/** As JSON text, so that control characters can't forge a line of a log; never more than its start. */
function quote(text: string): string {
  return text.length > LONGEST_QUOTE
    ? `${JSON.stringify(text.slice(0, LONGEST_QUOTE - 10))}...`
    : JSON.stringify(text);
}
