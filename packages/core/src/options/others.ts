import { type Logger, loggerOf } from '../log/logger.js';
import { callbackProblem, flagProblem, signalProblem } from '../plumbing/value-rules.js';
import { checkedOption, type RowRule } from './checked-option.js';
import type { Option } from './option.js';

/** True or false. */
export function flag(rule: RowRule<boolean> & { readonly default: boolean }): Option<boolean, boolean>;
export function flag(rule?: RowRule<boolean>): Option<boolean, boolean | undefined>;
export function flag(rule: RowRule<boolean> = {}): Option<boolean, boolean | undefined> {
  return checkedOption<boolean>(rule, { json: { type: 'boolean' } }, flagProblem);
}

/** A function. Its signature is checked by the compiler only. */
export function callback<F>(): Option<F, F | undefined> {
  return checkedOption<F>({}, {}, callbackProblem);
}

export function abortSignal(): Option<AbortSignal, AbortSignal | undefined> {
  return checkedOption<AbortSignal>({}, {}, signalProblem);
}

/** Silent when it is left out. */
export function logger(): Option<Logger, Logger> {
  return { read: loggerOf };
}
