import type { Dialect } from './dialect.js';
import type { PatternCursor } from './pattern-cursor.js';

/** How often something may stand somewhere; `max` may be Infinity. */
export interface Limits {
  readonly min: number;
  readonly max: number;
}

const MANY = Number.POSITIVE_INFINITY;
const ANY_NUMBER: Limits = { min: 0, max: MANY };
const AT_LEAST_ONE: Limits = { min: 1, max: MANY };
const AT_MOST_ONE: Limits = { min: 0, max: 1 };
const NUMBERS = /\{(\d*)(,?)(\d*)\}(?<!\{,?\})/y;
const NUMBERS_OF_JAVASCRIPT = /\{(\d+)(,?)(\d*)\}/y;

/** Reads `*`, `+`, `?` or `{2,5}`, if one of them is next. */
export function readLimits(cursor: PatternCursor, dialect: Dialect): Limits | undefined {
  if (cursor.skip('*')) return ANY_NUMBER;
  if (cursor.skip('+')) return AT_LEAST_ONE;
  if (cursor.skip('?')) return AT_MOST_ONE;
  if (cursor.next !== '{') return undefined;
  const found = cursor.take(dialect === 'javascript' ? NUMBERS_OF_JAVASCRIPT : NUMBERS);
  if (!found) return undefined;
  const [, from = '', comma, to = ''] = found;
  const min = Number(from);
  return { min, max: to !== '' ? Number(to) : comma === '' ? min : MANY };
}
