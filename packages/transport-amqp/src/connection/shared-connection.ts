import { TransportError } from '@intersect-sdk/core';
import { delay, untilAborted } from '@intersect-sdk/core/internal';
import type { OpenOptions } from '@intersect-sdk/transport';
import type { AmqpConnection } from './connection.js';

/** Between two attempts after the first, in ms: doubled each time, as one transport alone does it. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_500;

interface Attempt {
  readonly connection: Promise<AmqpConnection>;
  readonly abort: AbortController;
  waiters: number;
}

/** One connection for many links: whoever needs it first dials it, and all who come meanwhile wait for that one attempt. */
export class SharedConnection {
  readonly #dial: (open: OpenOptions) => Promise<AmqpConnection>;
  #current: AmqpConnection | undefined;
  #attempt: Attempt | undefined;
  /** How many attempts in a row failed, and when the last one did. */
  #failures = 0;
  #failedAtMs = 0;

  constructor(dial: (open: OpenOptions) => Promise<AmqpConnection>) {
    this.#dial = dial;
  }

  /** The connection. Throws TransportError. */
  async take(open: OpenOptions): Promise<AmqpConnection> {
    for (;;) {
      if (this.#current && !this.#current.isClosing) return this.#current;
      await this.#wait(open);
    }
  }

  async #wait(open: OpenOptions): Promise<void> {
    this.#attempt ??= this.#start(open);
    const attempt = this.#attempt;
    attempt.waiters++;
    try {
      await untilAborted(attempt.connection, 'Connecting', open.signal);
    } finally {
      attempt.waiters--;
      if (attempt.waiters === 0) attempt.abort.abort();
    }
  }

  #start({ session }: OpenOptions): Attempt {
    // Its own, because whoever came first may give up while others wait.
    const abort = new AbortController();
    const connection = this.#connect({ session, signal: abort.signal }).finally(() => {
      this.#attempt = undefined;
    });
    connection.catch(() => {});
    return { connection, abort, waiters: 0 };
  }

  async #connect(open: OpenOptions): Promise<AmqpConnection> {
    const pauseMs =
      this.#failures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    const waitMs = this.#failedAtMs + pauseMs - performance.now();
    if (pauseMs > 0 && waitMs > 0) await delay(waitMs, open.signal);
    try {
      const connection = await this.#dial(open);
      this.#failures = 0;
      if (open.signal.aborted) {
        // Everybody gave up meanwhile.
        await connection.close();
        throw new TransportError('ABORTED', 'Connecting was aborted.');
      }
      this.#current = connection;
      return connection;
    } catch (error) {
      this.#failures++;
      this.#failedAtMs = performance.now();
      throw error;
    }
  }
}
