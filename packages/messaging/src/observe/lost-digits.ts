import { decodePayload, type Integers } from '@intersect-sdk/core';
import { decodeOwnPayload } from '@intersect-sdk/core/internal';
import type { Observers } from './observers.js';
import type { Reported } from './report.js';

const MOST_NAMES = 1000;

type About = Omit<Reported, 'kind' | 'message' | 'error'>;

/** A payload that came in. */
interface ArrivedPayload {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** The bytes came out of a data store, and nobody else has them. */
  readonly isOwn: boolean;
}

/** What is to be said of a payload that lost digits. */
export interface DigitLoss extends About {
  /** Said once for each of these. */
  readonly of: string;
  readonly message: string;
}

interface ReadingOptions {
  /** What they become. */
  readonly integers: Integers | undefined;
  /** An empty JSON payload is undefined instead of an error. @default false */
  readonly allowEmpty?: boolean | undefined;
}

/**
 * Decodes payloads, and reports whole numbers beyond 2^53 that came in and are now other ones, once for each operation, event and status
 * of a service.
 */
export class LostDigits {
  readonly #observers: Observers;
  readonly #told = new Set<string>();
  readonly #quiet: ReadingOptions;
  readonly #watching: ReadingOptions & { readonly onDigitsLost: () => void };
  #lost = false;

  constructor(observers: Observers, options: ReadingOptions) {
    this.#observers = observers;
    this.#quiet = options;
    this.#watching = {
      ...options,
      onDigitsLost: () => {
        this.#lost = true;
      },
    };
  }

  /** As `decodePayload`, and throws what it throws. `lossOf` is asked only where it matters, since every message comes by here. */
  decode({ bytes, contentType, isOwn }: ArrivedPayload, lossOf: () => DigitLoss): unknown {
    const decode = isOwn ? decodeOwnPayload : decodePayload;
    // Where it was told, payloads are not searched again.
    if (this.#told.size > 0 && this.#isTold(lossOf())) return decode(bytes, contentType, this.#quiet);
    this.#lost = false;
    const value = decode(bytes, contentType, this.#watching);
    if (this.#lost) this.#tell(lossOf());
    return value;
  }

  #isTold({ of }: DigitLoss): boolean {
    return this.#told.has(of) || this.#told.size >= MOST_NAMES;
  }

  #tell({ of, ...about }: DigitLoss): void {
    this.#told.add(of);
    this.#observers.report({ kind: 'digits-lost', ...about });
  }
}

/** In an answer or event of another service: `what` is the full name of the operation or event. */
export function lossInAnswer(what: string, about: About & { readonly source: string }): DigitLoss {
  const { source } = about;
  const message = [
    `${what} of ${source} sent a whole number beyond 2^53, which is another one as a number of`,
    "JavaScript. Its digits are in `bytes`; ask for `integers: 'bigint'`, or have such numbers sent as texts.",
  ].join(' ');
  return { of: `${source} ${what}`, message, ...about };
}

/** In the statuses that another service tells by itself. */
export function lossInStatuses(source: string, channel: string): DigitLoss {
  const message = [
    `The status of ${source} has a whole number beyond 2^53, which is another one as a number of`,
    "JavaScript. Ask for `integers: 'bigint'`, or have such numbers sent as texts.",
  ].join(' ');
  return { of: source, message, source, channel };
}

/** In an argument of an operation of one's own: once, whoever asks. */
export function lossInArgument(
  about: About & { readonly operation: string; readonly source: string },
): DigitLoss {
  const { operation, source } = about;
  const message = [
    `${source} asked ${operation} with a whole number beyond 2^53, which is another one as a number of`,
    "JavaScript. Give the service `integers: 'bigint'`, or have such numbers sent as texts.",
  ].join(' ');
  return { of: operation, message, ...about };
}
