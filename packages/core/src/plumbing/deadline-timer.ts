/** Something that must be over at a time. */
export interface Due {
  /** When, in ms on the clock of `performance.now()`. */
  readonly dueAtMs: number;
}

/** Timers may ring this much before their time on the other clock. */
const EARLY_MS = 1;
/** The longest time that a timer can be set to. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * One timer for everything that waits in a collection, however much that is: `watch` each new thing, and `stop` when the
 * collection is empty. `expire` is called for each whose time is over, and takes it out of the collection.
 */
export class DeadlineTimer<T extends Due> {
  readonly #waiting: () => Iterable<T>;
  readonly #expire: (due: T) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ringsAtMs = Number.POSITIVE_INFINITY;

  constructor(waiting: () => Iterable<T>, expire: (due: T) => void) {
    this.#waiting = waiting;
    this.#expire = expire;
  }

  watch(due: T): void {
    if (due.dueAtMs < this.#ringsAtMs) this.#ringAt(due.dueAtMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#ringsAtMs = Number.POSITIVE_INFINITY;
  }

  #ringAt(dueAtMs: number): void {
    clearTimeout(this.#timer);
    this.#ringsAtMs = dueAtMs;
    const inMs = Math.min(Math.max(0, dueAtMs - performance.now()), LONGEST_MS);
    this.#timer = setTimeout(() => this.#ring(), inMs);
  }

  #ring(): void {
    this.#ringsAtMs = Number.POSITIVE_INFINITY;
    const now = performance.now() + EARLY_MS;
    let next: T | undefined;
    for (const due of [...this.#waiting()]) {
      if (due.dueAtMs <= now) this.#expire(due);
      else if (!next || due.dueAtMs < next.dueAtMs) next = due;
    }
    if (next) this.watch(next);
  }
}
