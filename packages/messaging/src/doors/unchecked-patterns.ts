import type { PayloadContract } from '@intersect-sdk/contract/plain';
import type { Observers } from '../observe/observers.js';
import type { Reported } from '../observe/report.js';

/** What is checked by a contract, and where it belongs. */
export interface CheckedPart {
  readonly part: 'argument' | 'answer' | 'event' | 'status';
  readonly contract: PayloadContract;
  /** Names the operation, the event, or for a told status the capability. */
  readonly about: Omit<Reported, 'kind' | 'message' | 'error' | 'issues'>;
}

/**
 * Reports the patterns of contracts that can't be checked, once for each argument, answer, event and status,
 * when it is first checked.
 */
export class UncheckedPatterns {
  readonly #observers: Observers;
  readonly #told = new Set<string>();

  constructor(observers: Observers) {
    this.#observers = observers;
  }

  /** For a contract that was just checked by, so that it is known to be usable. */
  tell({ part, contract, about }: CheckedPart): void {
    const issues = contract.unchecked();
    if (issues.length === 0) return;
    const { operation, capability, event } = about;
    const name = operation ?? (event === undefined ? `${capability}` : `${capability}.${event}`);
    const what = `The ${part} of ${name}`;
    if (this.#told.has(what)) return;
    this.#told.add(what);
    const [{ path, message }] = issues as [(typeof issues)[0], ...typeof issues];
    const more = issues.length === 1 ? '' : `, and ${issues.length - 1} more`;
    this.#observers.report({
      ...about,
      kind: 'pattern-unchecked',
      message: `${what} is not checked against its whole contract: ${path ? `${path} ` : ''}${message}${more}. What it would refuse is taken.`,
      issues,
    });
  }
}
