import { type TextRule, textProblem } from '../plumbing/value-rules.js';
import { checkedOption, type RowRule } from './checked-option.js';
import type { OptionRow } from './option.js';

export interface TextRowRule extends Omit<TextRule, 'oneOf'>, RowRule<string> {}

/** A text; not empty unless `minLength: 0` allows it. */
export function text(rule: TextRowRule & { readonly default: string }): OptionRow<string, string>;
export function text(rule?: TextRowRule): OptionRow<string, string | undefined>;
export function text(given: TextRowRule = {}): OptionRow<string, string | undefined> {
  const rule = { minLength: 1, ...given };
  const json = {
    type: 'string',
    ...(rule.minLength > 0 && { minLength: rule.minLength }),
    ...(rule.pattern && { pattern: rule.pattern.source }),
  };
  return checkedOption<string>(rule, { json }, (value) => textProblem(value, rule));
}

/** One of a few words. */
export function oneOf<const T extends string>(
  words: readonly T[],
  rule: RowRule<NoInfer<T>> & { readonly default: NoInfer<T> },
): OptionRow<T, T>;
export function oneOf<const T extends string>(
  words: readonly T[],
  rule?: RowRule<NoInfer<T>>,
): OptionRow<T, T | undefined>;
export function oneOf<T extends string>(
  words: readonly T[],
  rule: RowRule<T> = {},
): OptionRow<T, T | undefined> {
  return checkedOption<T>(rule, { json: { enum: words } }, (value) => textProblem(value, { oneOf: words }));
}
