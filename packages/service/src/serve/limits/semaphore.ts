import { onAbort } from '@intersect-sdk/core/internal';

/** What may end a wait for a place. */
export interface Cancellation {
  /** Also aborts for other reasons, for which a place is waited for all the same. */
  readonly signal: AbortSignal;
  readonly isCancelled: boolean;
}

/** A bounded number of places, handed out in the order of asking; those who come back go first. */
export class Semaphore {
  readonly limit: number;
  #used = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #returning: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  get waiting(): number {
    return this.#waiting.length + this.#returning.length;
  }

  /**
   * Takes a place, at once if there is one: then it answers undefined, else a promise of it. That leaves the line and rejects with the
   * reason when it is cancelled first.
   */
  enter(cancellation?: Cancellation): Promise<void> | undefined {
    const entered = this.#take(this.#waiting);
    if (entered === undefined || cancellation === undefined) return entered;
    return this.#unlessCancelled(entered, cancellation);
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

  #unlessCancelled(entered: Promise<void>, cancellation: Cancellation): Promise<void> {
    const next = this.#waiting.at(-1) as () => void;
    return new Promise((resolve, reject) => {
      const stopListening = onAbort(cancellation.signal, () => {
        const place = this.#waiting.indexOf(next);
        if (place < 0 || !cancellation.isCancelled) return;
        this.#waiting.splice(place, 1);
        reject(cancellation.signal.reason);
      });
      void entered.then(resolve).then(stopListening);
    });
  }

  #take(line: (() => void)[]): Promise<void> | undefined {
    if (this.#used < this.limit) {
      this.#used += 1;
      return undefined;
    }
    // Whoever leaves hands its place to the first in line: `used` stays as it is, and no newcomer can take the place in between.
    return new Promise<void>((resolve) => line.push(resolve));
  }
}
