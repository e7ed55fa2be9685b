/** Counts outcomes, and lets a test wait until as many have come as it expects. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #total = 0;
  #goal: { readonly total: number; resolve(): void } | undefined;

  count(outcome: string, times = 1): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + times);
    this.#total += times;
    if (this.#goal && this.#total >= this.#goal.total) this.#goal.resolve();
  }

  get total(): number {
    return this.#total;
  }

  of(outcome: string): number {
    return this.#counts.get(outcome) ?? 0;
  }

  /** In the order of the alphabet. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Resolves when so many outcomes have come; rejects with the difference when they don't come. */
  async reach(expected: Tally, withinMs: number): Promise<void> {
    if (this.#total >= expected.total) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#goal = { total: expected.total, resolve };
      timer = setTimeout(
        () => reject(new Error(`not everything came: ${this.#missing(expected)}`)),
        withinMs,
      );
    }).finally(() => clearTimeout(timer));
  }

  #missing(expected: Tally): string {
    const names = new Set([...this.#counts.keys(), ...expected.#counts.keys()]);
    return [...names]
      .filter((name) => this.of(name) !== expected.of(name))
      .map((name) => `${name} ${this.of(name)} instead of ${expected.of(name)}`)
      .join(', ');
  }
}
