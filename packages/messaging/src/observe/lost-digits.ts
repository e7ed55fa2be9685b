import type { Observers } from './observers.js';
import type { Reported } from './report.js';

const MOST_NAMES = 1000;

/** Reports whole numbers beyond 2^53 that came in and are now other ones, once for each operation and event of a service. */
export class LostDigits {
  readonly #observers: Observers;
  readonly #told = new Set<string>();

  constructor(observers: Observers) {
    this.#observers = observers;
  }

  /** For `onDigitsLost` of `decodePayload`; undefined where it was told already, so that nobody looks again. */
  listenerFor(about: Omit<Reported, 'kind' | 'message' | 'error'>): (() => void) | undefined {
    const { source = '', operation, capability, event } = about;
    const what = operation ?? `${capability}.${event}`;
    const name = `${source} ${what}`;
    if (this.#told.has(name) || this.#told.size >= MOST_NAMES) return undefined;
    return () => {
      this.#told.add(name);
      const message = `${what} of ${source} sent a whole number beyond 2^53, which is another one as a number of JavaScript. Its digits are in \`bytes\`; have such numbers sent as texts.`;
      this.#observers.report({ kind: 'digits-lost', message, ...about });
    };
  }
}
