import { canonicalText, type SchemaNode } from '@intersect-sdk/contract/internal';
import type { ChangeKind, Effect } from './changes.js';

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const OTHER = [
  'pattern',
  'format',
  'uniqueItems',
  'multipleOf',
  'contentMediaType',
  'contentEncoding',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
const RARE = [
  'contains',
  'minContains',
  'maxContains',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
];

export interface LimitChange {
  readonly kind: ChangeKind;
  readonly effect: Effect;
  readonly message: string;
}

/** What changed of the rules of a value besides its form. */
export function limitChanges(before: SchemaNode, after: SchemaNode): LimitChange[] {
  return [...LOWER, ...UPPER, ...OTHER, ...RARE].flatMap((key) => {
    const [old, now] = [settled(key, before[key]), settled(key, after[key])];
    if (canonicalText([old ?? null]) === canonicalText([now ?? null])) return [];
    const effect = effectOf(key, old, now);
    const kind =
      effect === 'fewer' ? 'limit-narrowed' : effect === 'more' ? 'limit-widened' : 'limit-changed';
    return [{ kind, effect, message: `${key} was ${shown(old)} and is ${shown(now)}` } as const];
  });
}

/** A rule that rules nothing out is none. */
function settled(key: string, value: unknown): unknown {
  return value === false || (value === 0 && /^min[LIP]/.test(key)) ? undefined : value;
}

function effectOf(key: string, old: unknown, now: unknown): Effect {
  if (old === undefined) return 'fewer';
  if (now === undefined) return 'more';
  if (typeof old !== 'number' || typeof now !== 'number') return 'other';
  if (LOWER.includes(key)) return now > old ? 'fewer' : 'more';
  if (UPPER.includes(key)) return now < old ? 'fewer' : 'more';
  if (key !== 'multipleOf') return 'other';
  if (now % old === 0) return 'fewer';
  return old % now === 0 ? 'more' : 'other';
}

function shown(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value);
}
