import { LONGEST_TIMER_MS } from './waiting.js';

/** Something that has a deadline. */
export interface Due {
  /** When, in ms on the clock of `performance.now()`. */
  readonly dueAtMs: number;
}

/** In a browser it is a number, and has neither. */
interface Timer {
  ref?(): unknown;
  unref?(): unknown;
}
type Clearable = ReturnType<typeof setTimeout>;

/** `setTimeout` may fire up to this much before `performance.now()` reaches the deadline. */
const EARLY_MS = 1;

/**
 * One timer for all entries of a collection, however many there are: call `watch` for each new entry, `rest` when the collection is
 * empty, and `stop` when there will be no more. `expire` is called for each entry whose deadline has passed, and must remove it from the
 * collection.
 */
export class DeadlineTimer<T extends Due> {
  readonly #waiting: () => Iterable<T>;
  readonly #expire: (due: T) => void;
  #timer: Timer | undefined;
  #resting = false;
  #ringsAtMs = Number.POSITIVE_INFINITY;

  constructor(waiting: () => Iterable<T>, expire: (due: T) => void) {
    this.#waiting = waiting;
    this.#expire = expire;
  }

  watch(due: T): void {
    if (this.#resting) {
      this.#resting = false;
      this.#timer?.ref?.();
    }
    if (!(due.dueAtMs >= this.#ringsAtMs)) this.#ringAt(due.dueAtMs);
  }

  /** Nothing waits: the timer keeps no program from ending. It stays for the next entry, since a collection is mostly empty for a moment. */
  rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#timer?.unref?.();
  }

  stop(): void {
    clearTimeout(this.#timer as Clearable);
    this.#timer = undefined;
    this.#ringsAtMs = Number.POSITIVE_INFINITY;
  }

  #ringAt(dueAtMs: number): void {
    clearTimeout(this.#timer as Clearable);
    // A deadline of NaN counts as passed: every comparison with it is false, so it would otherwise block the others.
    this.#ringsAtMs = Number.isNaN(dueAtMs) ? Number.NEGATIVE_INFINITY : dueAtMs;
    const nowMs = performance.now();
    const inMs = Math.min(Math.max(0, this.#ringsAtMs - nowMs), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#ring(nowMs + inMs), inMs);
  }

  #ring(atMs: number): void {
    this.#ringsAtMs = Number.POSITIVE_INFINITY;
    // A timer that rang is believed: fake timers, such as those of `node:test`, may leave `performance.now()` where it was.
    const now = Math.max(performance.now() + EARLY_MS, atMs);
    let next: T | undefined;
    for (const due of [...this.#waiting()]) {
      // Written so that NaN counts as passed and can't keep the other entries from being watched.
      if (!(due.dueAtMs > now)) this.#expire(due);
      else if (!next || due.dueAtMs < next.dueAtMs) next = due;
    }
    if (next) this.watch(next);
  }
}
