import type { PayloadContract } from '@intersect-sdk/contract/plain';
import { ValidationError } from '@intersect-sdk/core';
import type { Observers } from '../observe/observers.js';
import type { Reported } from '../observe/report.js';
import type { CheckMode } from './check-mode.js';
import { type Arrived, issuesOfArrived } from './contract-check.js';
import type { UncheckedPatterns } from './unchecked-patterns.js';

export interface Judged {
  readonly part: 'answer' | 'event' | 'status';
  readonly arrived: Arrived;
  /** Undefined: nothing is declared, so it must be `null`. */
  readonly contract: PayloadContract | undefined;
  /** The beginning of the sentence that says that it doesn't fit. */
  readonly what: string;
  /** Who sent it, in answer to what. */
  readonly about: Omit<Reported, 'kind' | 'error'>;
}

interface Judging {
  readonly check: CheckMode;
  readonly observers: Observers;
  readonly unchecked: UncheckedPatterns;
}

/** Checks what came in against the contract. What doesn't fit is reported, or thrown with `both`. */
export function judge(
  { part, arrived, contract, what, about }: Judged,
  { check, observers, unchecked }: Judging,
): void {
  if (check === 'none') return;
  let error: unknown;
  try {
    const issues = issuesOfArrived(arrived, contract);
    if (contract) unchecked.tell({ part, contract, about });
    if (issues.length === 0) return;
    error = new ValidationError(`${what} does not fit the contract`, issues, { mayHaveRun: true });
  } catch (unusable) {
    error = unusable;
  }
  if (check === 'both') throw error;
  observers.report({ ...about, kind: 'contract-broken', error });
}
