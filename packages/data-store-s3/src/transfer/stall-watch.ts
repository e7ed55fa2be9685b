import { DataError } from '@intersect-sdk/core';
import { abortedError, onAbort } from '@intersect-sdk/core/internal';

export interface StallWatchOptions {
  /** What goes on, as the beginning of a sentence: `Reading data from http://127.0.0.1:9000`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** The caller's. */
  readonly signal: AbortSignal;
}

/**
 * Ends a transfer that stands still. Only the time counts in which the store has to do something: between `begin` and `pause`. Its
 * signal aborts with the error to throw: DATA_STORE_AWAY when the time is over, ABORTED when the caller's signal aborts.
 */
export class StallWatch {
  readonly #options: StallWatchOptions;
  readonly #controller = new AbortController();
  readonly #stopListening: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #since: number | undefined;
  #isOver = false;

  constructor(options: StallWatchOptions) {
    this.#options = options;
    const { signal, what } = options;
    const abort = (): void => this.#controller.abort(abortedError(what, signal));
    this.#stopListening = onAbort(signal, abort);
    if (signal.aborted) abort();
  }

  /** Watches something else of the same call, beside this one. */
  beside(): StallWatch {
    return new StallWatch(this.#options);
  }

  get what(): string {
    return this.#options.what;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It is the store's turn now. */
  begin(): void {
    // What was under way can still take a step.
    if (this.#isOver) return;
    this.#since = performance.now();
    // One timer for many steps: to set one for each piece of data would cost more than the piece.
    this.#timer ??= setTimeout(this.#look, this.#options.timeoutMs);
  }

  /** The store has done its part. */
  pause(): void {
    this.#since = undefined;
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#isOver = true;
    this.pause();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stopListening();
  }

  /** Ends the transfer. */
  abort(error: unknown): void {
    this.end();
    this.#controller.abort(error);
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    if (this.#since === undefined) return;
    const { timeoutMs, what } = this.#options;
    const leftMs = this.#since + timeoutMs - performance.now();
    if (leftMs > 0) {
      this.#timer = setTimeout(this.#look, leftMs);
      return;
    }
    const text = `${what}: nothing moved for ${timeoutMs} ms, so the store counts as away; raise 'stallTimeoutMs' where it is only slow.`;
    this.abort(new DataError('DATA_STORE_AWAY', text));
  };
}
