/** A point in time until which something is waited for. */
export class Deadline {
  readonly #at: number;

  constructor(inMs: number) {
    this.#at = performance.now() + inMs;
  }

  get remainingMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** True if the promise settled, one way or the other, before the deadline. */
  async allows(promise: Promise<unknown>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), this.remainingMs);
    });
    const settled = promise.then(
      () => true,
      () => true,
    );
    try {
      return await Promise.race([settled, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
