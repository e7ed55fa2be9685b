/**
 * How much the broker holds for all clients together: messages that wait or are retained, wills, subscriptions, and what is on its way
 * through sockets. The ceilings for one client add up to more than a machine has.
 */
export class Memory {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts the bytes, if there is room for them. */
  take(bytes: number): boolean {
    if (bytes > 0 && this.#held + bytes > this.#limit) return false;
    this.#held += bytes;
    return true;
  }

  /** Counts bytes that are there already; a negative number gives back. */
  add(bytes: number): void {
    this.#held += bytes;
  }

  /** More is held than may be. */
  get isFull(): boolean {
    return this.#held > this.#limit;
  }

  get held(): number {
    return this.#held;
  }
}
