import type { Logger } from '@intersect-sdk/core';

/** A set of listeners. Exceptions thrown by a listener are logged and ignored. */
export class ListenerSet<E> {
  readonly #listeners = new Set<(event: E) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Returns a function that removes the listener. */
  add(listener: (event: E) => void): () => void {
    // A new function for each call, so that a listener added twice can be removed one call at a time.
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
