/** Counts what each of several listeners got. */
export class Tally {
  #counts;
  #wanted = 0;
  /** @type {() => void} */
  #onReached = () => {};

  /** @param {number} listeners */
  constructor(listeners) {
    this.#counts = new Uint32Array(listeners);
  }

  /** @param {number} listener */
  add(listener) {
    const count = /** @type {number} */ (this.#counts[listener]) + 1;
    this.#counts[listener] = count;
    if (count === this.#wanted) this.#look();
  }

  /**
   * Resolves when every listener has got so many since the last time, and none more.
   *
   * @param {number} count
   * @returns {Promise<void>}
   */
  reached(count) {
    return new Promise((resolve, reject) => {
      this.#wanted = count;
      this.#onReached = () => {
        const most = Math.max(...this.#counts);
        this.#counts.fill(0);
        this.#wanted = 0;
        if (most > count) reject(new Error(`A listener got ${most} events of ${count}.`));
        else resolve();
      };
      this.#look();
    });
  }

  #look() {
    if (this.#counts.every((count) => count >= this.#wanted)) this.#onReached();
  }
}
