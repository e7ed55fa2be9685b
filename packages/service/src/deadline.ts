import { settlesWithin } from '@intersect-sdk/core/internal';

/** A point in time until which something is waited for. */
export class Deadline {
  readonly #at: number;

  constructor(inMs: number) {
    this.#at = performance.now() + inMs;
  }

  get remainingMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** True if the promise settled, one way or the other, before the deadline. */
  allows(promise: Promise<unknown>): Promise<boolean> {
    return settlesWithin(promise, this.remainingMs);
  }
}
