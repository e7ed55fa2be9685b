/** A bounded number of places, handed out in the order of asking. */
export class Semaphore {
  readonly #limit: number;
  #used = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a place, at once if there is one: then it answers undefined, else a promise of it. */
  enter(): Promise<void> | undefined {
    if (this.#used < this.#limit) {
      this.#used += 1;
      return undefined;
    }
    // The place goes directly to the next waiter, so `used` stays the same and no other caller can take it in between.
    return new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#used -= 1;
  }
}
