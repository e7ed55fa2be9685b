import type { Issue } from '@intersect-sdk/core';
import {
  kindOf,
  type OptionFacts,
  type OptionTable,
  printableName,
  unknownField,
} from '@intersect-sdk/core/internal';
import { fieldsOf } from './fields.js';
import { fromText } from './from-text.js';

type PlainObject = Record<string, unknown>;

/** A configuration in camelCase, and how its author wrote each field. */
export interface Translation {
  readonly value: PlainObject;
  readonly issues: Issue[];
  /** Gives a path of `value` back in the author's own spelling. */
  spell(path: string): string;
}

/** Names the schema of the file, for editors. */
const SCHEMA = '$schema';

/**
 * Turns either spelling of the fields into camelCase, and texts into the numbers and flags that they say. Remembers every
 * field that the table does not know. A value without rows of its own is taken as it is: a payload's keys are never translated.
 */
export function translate(input: unknown, table: OptionTable): Translation {
  const issues: Issue[] = [];
  const spellings = new Map<string, string>();
  const value = isPlain(input) ? translateObject({ value: input, own: '', ours: '' }, table) : {};
  if (!isPlain(input)) issues.push({ path: '', message: `must be an object, got ${kindOf(input)}` });
  return { value, issues, spell };

  // A field that is missing has no spelling of its own, but what it is missing from has.
  function spell(path: string): string {
    const known = spellings.get(path);
    const end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return known ?? (end > 0 ? spell(path.slice(0, end)) + path.slice(end) : path);
  }

  function translateObject(at: Place<PlainObject>, rows: OptionTable): PlainObject {
    const fields = fieldsOf(rows);
    const out: PlainObject = {};
    for (const [key, raw] of Object.entries(at.value)) {
      const own = join(at.own, printableName(key));
      const field = fields.find(({ name, snake }) => name === key || snake === key);
      if (!field) {
        if (own === SCHEMA) continue;
        const names = fields.map(({ name, snake }) => (key.includes('_') ? snake : name));
        issues.push({ path: own, message: unknownField(key, names) });
        continue;
      }
      const { name, snake, facts } = field;
      if (snake !== key && Object.hasOwn(at.value, snake)) {
        issues.push({ path: own, message: `is given a second time, as ${snake}; keep one of the two` });
        continue;
      }
      const ours = join(at.ours, name);
      spellings.set(ours, own);
      if (raw === undefined || (raw === null && facts.nullable)) continue;
      out[name] = translateValue({ value: raw, own, ours }, facts);
    }
    return out;
  }

  function translateValue(at: Place<unknown>, facts: OptionFacts): unknown {
    const { json, fields, items } = facts;
    if (items) return translateList(at, items);
    const value = fromText(at.value, facts);
    // Besides objects, a row can take a plain value.
    if (!fields || (json && typeof value === json.type)) return value;
    spellings.set(at.ours, at.own);
    if (isPlain(value)) return translateObject({ ...at, value }, fields);
    issues.push({ path: at.own, message: `must be an object, got ${kindOf(value)}` });
    return undefined;
  }

  function translateList({ value, own, ours }: Place<unknown>, items: OptionFacts): unknown {
    if (Array.isArray(value)) {
      return value.map((element, index) =>
        translateValue({ value: element, own: `${own}[${index}]`, ours: `${ours}[${index}]` }, items),
      );
    }
    issues.push({ path: own, message: `must be a list, got ${kindOf(value)}` });
    return undefined;
  }
}

/** A value with its path in the author's spelling and in ours. */
interface Place<T> {
  readonly value: T;
  readonly own: string;
  readonly ours: string;
}

function isPlain(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
