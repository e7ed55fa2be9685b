import { type Logger, loggerOf } from '../log/logger.js';
import { callbackProblem, flagProblem, signalProblem } from '../plumbing/value-rules.js';
import { checkedOption, type RowRule } from './checked-option.js';
import type { OptionRow } from './option.js';

/** True or false. */
export function flag(rule: RowRule<boolean> & { readonly default: boolean }): OptionRow<boolean, boolean>;
export function flag(rule?: RowRule<boolean>): OptionRow<boolean, boolean | undefined>;
export function flag(rule: RowRule<boolean> = {}): OptionRow<boolean, boolean | undefined> {
  return checkedOption<boolean>(rule, { json: { type: 'boolean' } }, flagProblem);
}

/** A function. Its signature is checked by the compiler only. */
export function callback<F>(): OptionRow<F, F | undefined> {
  return checkedOption<F>({}, {}, callbackProblem);
}

export function abortSignal(): OptionRow<AbortSignal, AbortSignal | undefined> {
  return checkedOption<AbortSignal>({}, {}, signalProblem);
}

/** Silent when it is left out. */
export function logger(): OptionRow<Logger, Logger> {
  return { read: loggerOf };
}
