import type { WireMessage } from '@intersect-sdk/core';
import { INSTANCE_HEADER } from '@intersect-sdk/core/internal';

type RawHeaders = WireMessage['headers'];

/**
 * Tells the runs of one request apart. A broker may give a request to a second process while the first one lives, and then both give
 * items and an answer.
 */
export class StreamRuns {
  #takenBy: string | undefined;
  #read: { readonly instance: string | undefined } | undefined;

  /** Whether another process than before says, by this message, that it has the request. */
  isTakenAgain(messageId: string): boolean {
    const before = this.#takenBy;
    this.#takenBy = messageId;
    return before !== undefined && before !== messageId;
  }

  /** Whether this comes from another instance than what was read first. */
  isOther(headers: RawHeaders): boolean {
    return this.#read !== undefined && this.#read.instance !== headers[INSTANCE_HEADER];
  }

  /** The items or the answer with these headers are read. What comes first decides which run is. */
  read(headers: RawHeaders): void {
    this.#read ??= { instance: headers[INSTANCE_HEADER] };
  }
}
