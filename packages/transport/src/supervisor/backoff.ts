/** How long to wait before something is tried again, in ms. */
export interface Backoff {
  /** The bound of the first wait; it doubles with each. */
  readonly minDelayMs: number;
  /** The largest bound. */
  readonly maxDelayMs: number;
}

/** Before a broker is asked again that could not do something for now. */
export const WHILE_BUSY: Backoff = { minDelayMs: 100, maxDelayMs: 2_000 };

/**
 * Random below the bound ('full jitter'), so that many programs, or messages, don't come back at the same
 * moment. `nth` is 1 for the first wait.
 */
export function waitMs(nth: number, { minDelayMs, maxDelayMs }: Backoff): number {
  return Math.random() * Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(nth - 1, 30));
}
