import type { SeenStore } from '@intersect-sdk/core';
import type { Reporter } from '@intersect-sdk/messaging';

/** The store of seen requests as one run of a service uses it: open from its beginning to its end, however that comes. */
export class SeenRun {
  readonly #store: SeenStore | undefined;
  readonly #report: Reporter;
  #opening: Promise<void> | undefined;

  constructor(store: SeenStore | undefined, report: Reporter) {
    this.#store = store;
    this.#report = report;
  }

  /** Throws what the store does. */
  async open(): Promise<void> {
    this.#opening = this.#store?.open();
    await this.#opening;
  }

  /** Never rejects: a store that can't be closed is a reason to say so, and none to stay. A second time it does nothing. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const isOpen = await opening?.then(
      () => true,
      () => false,
    );
    if (!isOpen) return;
    try {
      await this.#store?.close();
    } catch (error) {
      this.#report({ kind: 'seen-store-failed', error });
    }
  }
}
