import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core';
import { losesDigits } from '@intersect-sdk/core/internal';
import type { Observers } from './observers.js';
import type { Reported } from './report.js';

const MOST_NAMES = 1000;

/** Reports whole numbers beyond 2^53 that came in and are now other ones, once for each operation and event. */
export class LostDigits {
  readonly #observers: Observers;
  readonly #told = new Set<string>();

  constructor(observers: Observers) {
    this.#observers = observers;
  }

  /** Looks at a payload that was decoded; where it was told already there is nothing to look for. */
  look(
    { payload, contentType }: { readonly payload: Uint8Array; readonly contentType: string },
    about: Omit<Reported, 'kind' | 'message' | 'error'>,
  ): void {
    if (contentType !== DEFAULT_CONTENT_TYPE) return;
    const { source = '', operation, capability, event } = about;
    const what = operation ?? `${capability}.${event}`;
    const name = `${source} ${what}`;
    if (this.#told.has(name) || this.#told.size >= MOST_NAMES || !losesDigits(payload)) return;
    this.#told.add(name);
    const message = `${what} of ${source} sent a whole number beyond 2^53, which is another one as a number of JavaScript. Its digits are in \`bytes\`; have such numbers sent as texts.`;
    this.#observers.report({ kind: 'digits-lost', message, ...about });
  }
}
