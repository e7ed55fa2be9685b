import { abortedError, onAbort } from '@intersect-sdk/core/internal';
import type { ResolvedUntilOptions } from './until-options.js';

/** Why a wait ended without what it waited for. */
export type Missed = { readonly afterMs: number } | { readonly stopped: true };

interface Wanted<Item, Fitting extends Item> extends ResolvedUntilOptions {
  /** For sentences. */
  readonly what: string;
  readonly fits: (item: Item) => item is Fitting;
  /** What the wait rejects with when it does not come. */
  readonly missing: (why: Missed) => Error;
}

/** Everything that happened, in its order, and who waits for something to happen. */
export class Log<Item> {
  readonly #items: Item[] = [];
  readonly #waiting = new Set<{ look(): void; end(): void }>();
  #ended = false;

  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    this.#items.push(item);
    for (const wait of [...this.#waiting]) wait.look();
  }

  /** Resolves with the one that is wanted, at once where it has happened already. Rejects with ABORTED, and with what is missing. */
  until<Fitting extends Item>({ what, fits, count, timeoutMs, signal, missing }: Wanted<Item, Fitting>) {
    return new Promise<Fitting>((resolve, reject) => {
      if (signal?.aborted) return reject(abortedError(what, signal));
      let timer: ReturnType<typeof setTimeout> | undefined;
      let stopListening: (() => void) | undefined;
      const settle = (how: () => void): void => {
        clearTimeout(timer);
        stopListening?.();
        this.#waiting.delete(wait);
        how();
      };
      const wait = {
        look: () => {
          try {
            const found = this.#items.filter(fits)[count - 1];
            if (found !== undefined) settle(() => resolve(found));
          } catch (error) {
            settle(() => reject(error));
          }
        },
        end: () => settle(() => reject(missing({ stopped: true }))),
      };
      this.#waiting.add(wait);
      wait.look();
      if (!this.#waiting.has(wait)) return;
      if (this.#ended) return wait.end();
      timer = setTimeout(() => settle(() => reject(missing({ afterMs: timeoutMs }))), timeoutMs);
      if (signal) {
        stopListening = onAbort(signal, () => settle(() => reject(abortedError(what, signal))));
      }
    });
  }

  /** Nothing more will happen: every wait ends. */
  end(): void {
    this.#ended = true;
    for (const wait of [...this.#waiting]) wait.end();
  }
}
