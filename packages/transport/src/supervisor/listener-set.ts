import type { Logger } from '@intersect-sdk/core';

/** A set of listeners; one that throws is logged and harms neither the others nor the one who tells. */
export class ListenerSet<E> {
  readonly #listeners = new Set<(event: E) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Returns a function that removes the listener. */
  add(listener: (event: E) => void): () => void {
    // A wrapper of its own, so that one function added twice is also removed one at a time.
    const entry = (event: E): void => listener(event);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  tell(event: E): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error({ error }, 'an event listener threw');
      }
    }
  }
}
