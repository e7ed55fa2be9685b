import type { Issue } from '../../errors/errors.js';
import { normaliseTimestamp } from '../timestamp.js';
import { normaliseUuid } from '../uuid.js';
import type { HeaderSchema, HeadersSchema } from './header-schemas.js';

/** Turns the text of a header into its value; undefined when it is malformed. */
type Read = (text: string) => string | undefined;

interface HeaderField {
  readonly key: string;
  /** The name on the wire, which is also the path of an issue. */
  readonly name: string;
  readonly read: Read;
  readonly fallback: unknown;
  readonly write?: (value: never) => string;
  /** What the value must be, for the sentence of an issue. */
  readonly must: string;
}

/** How a header stands on the wire whose text is not its value. */
interface Spelling extends Pick<HeaderField, 'read' | 'must'> {
  readonly write: (value: never) => string;
}

/** How headers stand on the wire, by property of the schema. */
export interface HeaderNotation {
  readonly names: Readonly<Record<string, string>>;
  readonly spellings?: Readonly<Record<string, Spelling>>;
}

export interface HeaderCodec<T> {
  /** The headers that the schema knows, and nothing else; `issues` gets every problem. Undefined when there was one. */
  parse(raw: Readonly<Record<string, string>>, issues: Issue[]): T | undefined;
  encode(headers: T): Record<string, string>;
}

const LONGEST_QUOTE = 60;

/**
 * Compiles a header schema to closures: no code is made from text, so it runs under a strict
 * Content-Security-Policy.
 */
export function headerCodec<Headers>(
  schema: HeadersSchema,
  { names, spellings = {} }: HeaderNotation,
): HeaderCodec<Headers> {
  const fields = Object.entries(schema.properties).map(([key, property]): HeaderField => {
    const spelling = spellings[key] ?? readerOf(property);
    return { key, name: names[key] ?? key, fallback: property.default, ...spelling };
  });
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
      for (const { key, name, write } of fields) {
        result[name] = write ? write(values[key] as never) : String(values[key]);
      }
      return result;
    },
  };
}

function read(field: HeaderField, text: unknown): string | undefined {
  return typeof text === 'string' ? field.read(text) : undefined;
}

function readerOf(schema: HeaderSchema): Pick<HeaderField, 'read' | 'must'> {
  if (schema.enum) {
    const known = new Set(schema.enum);
    return {
      read: (text) => (known.has(text) ? text : undefined),
      must: `must be one of ${schema.enum.join(', ')}`,
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
