import { within } from './deadline.js';

/** A growing list that can be waited for. */
export class Journal<T> {
  readonly entries: T[] = [];
  readonly #deadlineMs: number;
  readonly #watchers = new Set<() => void>();

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  add(entry: T): void {
    this.entries.push(entry);
    for (const watcher of this.#watchers) watcher();
  }

  /** Waits until the entries are as wanted; fails at the deadline. */
  async until(holds: (entries: readonly T[]) => boolean, what: string): Promise<void> {
    if (holds(this.entries)) return;
    let watcher = (): void => {};
    const reached = new Promise<void>((resolve) => {
      watcher = () => {
        if (holds(this.entries)) resolve();
      };
      this.#watchers.add(watcher);
    });
    try {
      await within(reached, `${what} (after ${this.entries.length} entries)`, this.#deadlineMs);
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  /** Waits until there are at least so many. */
  async reach(count: number, what: string): Promise<readonly T[]> {
    await this.until((entries) => entries.length >= count, what);
    return this.entries;
  }
}
