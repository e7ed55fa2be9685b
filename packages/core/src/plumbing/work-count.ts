/** Counts what is under way. `idle()` waits until nothing is. */
export class WorkCount {
  #count = 0;
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  enter(): void {
    this.#count += 1;
  }

  /** Must be called once for each `enter`. */
  leave(): void {
    this.#count -= 1;
    if (this.#count === 0 && this.#waiting.length > 0) for (const told of this.#waiting.splice(0)) told();
  }

  /** Resolves when nothing is under way; at once where that is so already. */
  idle(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
