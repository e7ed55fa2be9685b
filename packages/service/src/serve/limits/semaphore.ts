/** A bounded number of places, handed out in the order of asking; those who come back go first. */
export class Semaphore {
  readonly #limit: number;
  #used = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #returning: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether whoever comes now has to wait. */
  get full(): boolean {
    return this.#used >= this.#limit;
  }

  get waiting(): number {
    return this.#waiting.length + this.#returning.length;
  }

  /** Takes a place, at once if there is one: then it answers undefined, else a promise of it. */
  enter(): Promise<void> | undefined {
    return this.#take(this.#waiting);
  }

  /** As `enter`, before all who have not been inside: what is begun is to end. */
  comeBack(): Promise<void> | undefined {
    return this.#take(this.#returning);
  }

  leave(): void {
    const next = this.#returning.shift() ?? this.#waiting.shift();
    if (next) next();
    else this.#used -= 1;
  }

  #take(line: (() => void)[]): Promise<void> | undefined {
    if (this.#used < this.#limit) {
      this.#used += 1;
      return undefined;
    }
    // Whoever leaves hands its place to the first in line: `used` stays as it is, and no newcomer can take the place in between.
    return new Promise<void>((resolve) => line.push(resolve));
  }
}
