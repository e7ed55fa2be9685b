import type { Issue } from '@intersect-sdk/core';
import { kindOf, printableName, unknownField } from '@intersect-sdk/core/internal';
import type { Field, FieldTable } from './field-table.js';

type PlainObject = Record<string, unknown>;

/** A configuration in camelCase, and how its author wrote each field. */
export interface Translation {
  readonly value: PlainObject;
  readonly issues: Issue[];
  /** Gives a path of `value` back in the author's own spelling. */
  spell(path: string): string;
}

/** Turns either spelling of the fields into camelCase and remembers every field that the table does not know. */
export function translate(input: unknown, table: FieldTable): Translation {
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

  function translateObject(at: Place<PlainObject>, fields: FieldTable): PlainObject {
    const known = new Map<string, readonly [name: string, field: Field]>();
    for (const [name, field] of Object.entries(fields)) {
      known.set(name, [name, field]);
      if (field.snake) known.set(field.snake, [name, field]);
    }
    const out: PlainObject = {};
    for (const [key, raw] of Object.entries(at.value)) {
      const own = join(at.own, printableName(key));
      const [name, field] = known.get(key) ?? [];
      if (!name || !field) {
        const names = Object.entries(fields).map(
          ([camel, { snake }]) => (key.includes('_') && snake) || camel,
        );
        issues.push({ path: own, message: unknownField(key, names) });
        continue;
      }
      if (field.snake && key === name && Object.hasOwn(at.value, field.snake)) {
        issues.push({ path: own, message: `is given a second time, as ${field.snake}; keep one of the two` });
        continue;
      }
      const ours = join(at.ours, name);
      spellings.set(ours, own);
      if (raw === undefined || (raw === null && field.nullable)) continue;
      out[name] = translateField({ value: raw, own, ours }, field);
    }
    return out;
  }

  function translateField(at: Place<unknown>, field: Field): unknown {
    const { fields } = field;
    if (!fields || (field.or && typeof at.value === field.or)) return at.value;
    if (!field.list) return translateChild(at, fields);
    if (Array.isArray(at.value)) {
      return at.value.map((value, index) =>
        translateChild({ value, own: `${at.own}[${index}]`, ours: `${at.ours}[${index}]` }, fields),
      );
    }
    issues.push({ path: at.own, message: `must be a list, got ${kindOf(at.value)}` });
    return undefined;
  }

  function translateChild(at: Place<unknown>, fields: FieldTable): unknown {
    spellings.set(at.ours, at.own);
    if (isPlain(at.value)) return translateObject({ ...at, value: at.value }, fields);
    issues.push({ path: at.own, message: `must be an object, got ${kindOf(at.value)}` });
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
