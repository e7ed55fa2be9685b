import { TransportError } from '@intersect-sdk/core';

/** Later than this no broker comes back to a CONNECT packet that it had left lying. */
const REMEMBERED_MS = 120_000;

/**
 * This program's own attempts that it gave up without an answer. A broker or network that stood still may come to
 * such a CONNECT packet after a newer one, and then ends the newer connection for its sake: that is no
 * other program, and it passes. Each attempt can do so once.
 */
export class UnansweredConnects {
  #givenUpAt: number[] = [];

  add(): void {
    this.#givenUpAt.push(performance.now());
  }

  /** Why a connection ended, where one of these attempts can be the reason that the broker gives. */
  explain(error: TransportError): TransportError {
    if (error.code !== 'SESSION_TAKEN_OVER') return error;
    const oldest = performance.now() - REMEMBERED_MS;
    this.#givenUpAt = this.#givenUpAt.filter((at) => at > oldest);
    if (this.#givenUpAt.shift() === undefined) return error;
    return new TransportError(
      'CONNECTION_LOST',
      'The broker ended the connection for an earlier attempt of this program to connect, which it had left unanswered.',
      { cause: error },
    );
  }
}
