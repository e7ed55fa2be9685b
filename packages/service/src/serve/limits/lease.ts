import type { Semaphore } from './semaphore.js';

/** One place in `slots`, which its holder can leave for a while and must end once. */
export class Lease {
  readonly #slots: Semaphore;
  #state: 'inside' | 'outside' | 'ended' = 'inside';
  #outside = 0;

  /** The caller already holds a place in `slots`. */
  constructor(slots: Semaphore) {
    this.#slots = slots;
  }

  /** Gives the place to others while `work` runs. Several at once are one absence. */
  async releaseWhile<T>(work: () => Promise<T>): Promise<T> {
    this.#outside += 1;
    if (this.#state === 'inside') {
      this.#state = 'outside';
      this.#slots.leave();
    }
    try {
      return await work();
    } finally {
      this.#outside -= 1;
      if (this.#outside === 0) await this.#return();
    }
  }

  end(): void {
    if (this.#state === 'inside') this.#slots.leave();
    this.#state = 'ended';
  }

  async #return(): Promise<void> {
    if (this.#state !== 'outside') return;
    await this.#slots.comeBack();
    // While it waited for a place it may have ended, gone out again, or been let in twice.
    if (this.#state === 'outside' && this.#outside === 0) this.#state = 'inside';
    else this.#slots.leave();
  }
}
