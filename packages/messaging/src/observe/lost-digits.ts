import type { Observers } from './observers.js';
import type { Reported } from './report.js';

const MOST_NAMES = 1000;

type About = Omit<Reported, 'kind' | 'message' | 'error'>;

/** Who asked what. */
interface ArgumentIdentity extends About {
  readonly operation: string;
  readonly source: string;
}

/**
 * Reports whole numbers beyond 2^53 that came in and are now other ones, once for each operation, event and status of a service. Its
 * methods give `onDigitsLost` of `decodePayload`; undefined where it was told already, so that payloads are not searched again.
 */
export class LostDigits {
  readonly #observers: Observers;
  readonly #told = new Set<string>();

  constructor(observers: Observers) {
    this.#observers = observers;
  }

  /** For an answer or event of another service. */
  listenerFor(about: About): (() => void) | undefined {
    const { source = '', operation, capability, event } = about;
    const what = operation ?? `${capability}.${event}`;
    return this.#once(`${source} ${what}`, () => ({
      message: [
        `${what} of ${source} sent a whole number beyond 2^53, which is another one as a number of`,
        "JavaScript. Its digits are in `bytes`; ask for `integers: 'bigint'`, or have such numbers sent as texts.",
      ].join(' '),
      ...about,
    }));
  }

  /** For the statuses that another service tells by itself. */
  listenerForStatuses(source: string, channel: string): (() => void) | undefined {
    return this.#once(source, () => ({
      message: [
        `The status of ${source} has a whole number beyond 2^53, which is another one as a number of`,
        "JavaScript. Ask for `integers: 'bigint'`, or have such numbers sent as texts.",
      ].join(' '),
      source,
      channel,
    }));
  }

  /** For an argument of an operation of one's own: once, whoever asks. */
  listenerForArgument({ operation, source, ...about }: ArgumentIdentity): (() => void) | undefined {
    return this.#once(operation, () => ({
      message: [
        `${source} asked ${operation} with a whole number beyond 2^53, which is another one as a number of`,
        "JavaScript. Give the service `integers: 'bigint'`, or have such numbers sent as texts.",
      ].join(' '),
      operation,
      source,
      ...about,
    }));
  }

  #once(name: string, reported: () => Omit<Reported, 'kind'>): (() => void) | undefined {
    if (this.#told.has(name) || this.#told.size >= MOST_NAMES) return undefined;
    return () => {
      this.#told.add(name);
      this.#observers.report({ kind: 'digits-lost', ...reported() });
    };
  }
}
