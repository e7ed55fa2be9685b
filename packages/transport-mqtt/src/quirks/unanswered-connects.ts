import { TransportError } from '@intersect-sdk/core';

/** After this time a broker no longer processes an abandoned CONNECT. */
const REMEMBERED_MS = 120_000;

/**
 * Attempts to connect that this program gave up before the broker answered. A stalled broker may process such an
 * abandoned CONNECT after a newer one, and close the newer connection as taken over. No other program has taken
 * the session then, so it counts as a lost connection. Each abandoned attempt explains one such end.
 */
export class UnansweredConnects {
  #givenUpAt: number[] = [];

  add(): void {
    this.#givenUpAt.push(performance.now());
  }

  /** The error to report for a connection that ended: CONNECTION_LOST where an abandoned attempt explains SESSION_TAKEN_OVER. */
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
