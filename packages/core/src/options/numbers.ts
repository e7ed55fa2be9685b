import { type NumberRule, numberProblem } from '../plumbing/value-rules.js';
import { LONGEST_TIMER_MS } from '../plumbing/waiting.js';
import { checkedOption, type RowRule } from './checked-option.js';
import type { OptionFacts, OptionRow } from './option.js';

export interface NumberRowRule extends NumberRule, RowRule<number> {}

/** Makes a row of a number. */
export interface NumberRow {
  (rule: NumberRowRule & { readonly default: number }): OptionRow<number, number>;
  (rule?: NumberRowRule): OptionRow<number, number | undefined>;
}

/** A time in ms, at least 1 and no longer than a timer can be set to. Its name ends with `Ms`. */
export const ms: NumberRow = numberRow({ min: 1, max: LONGEST_TIMER_MS }, 'ms');

/** A time in seconds, at least 1. Its name ends with `S`. */
export const seconds: NumberRow = numberRow({ min: 1 }, 's');

/** A size in bytes, a whole number of at least 1. Its name ends with `Bytes`. */
export const bytes: NumberRow = numberRow({ min: 1, integer: true }, 'bytes');

/** How many of something, a whole number of at least 1. */
export const count: NumberRow = numberRow({ min: 1, integer: true });

/** A port, 1 to 65535. */
export const port: NumberRow = numberRow({ min: 1, max: 65_535, integer: true });

function numberRow(usual: NumberRule, unit?: OptionFacts['unit']): NumberRow {
  return (given: NumberRowRule = {}) => {
    const rule = { ...usual, ...given };
    const json = {
      type: rule.integer ? 'integer' : 'number',
      ...(rule.min !== undefined && { minimum: rule.min }),
      ...(Number.isFinite(rule.max) && { maximum: rule.max }),
      ...(rule.below !== undefined && { exclusiveMaximum: rule.below }),
    };
    return checkedOption<number>(rule, { json, unit }, (value) => numberProblem(value, rule));
  };
}
