import type { WireMessage } from '@intersect-sdk/core';

/** How often a connection must end over a message that was alone on its way. */
const PROOF = 3;
/**
 * How long after it ended a connection a message is sent again, in ms. A proxy or broker that goes down in order ends several
 * connections at once, whatever is on its way; one that forbids the message ends those too that stood for a while.
 */
const APART_MS = 2_000;

interface Suspicion {
  /** How many connections ended while the message was alone on its way. */
  readonly endings: number;
  /** When the latest did, by the monotonic clock. */
  readonly at: number;
}

/**
 * Messages that may have made the broker end the connection. RabbitMQ ends it when the user may not write to a topic,
 * and gives neither the reason nor the message: sent again together with all the others, that message would end every
 * further connection. So each message that was in flight is sent alone on the next connection, until it is
 * confirmed or has ended enough connections. Kept across connections, as the messages are; each is known by the object that was given first.
 */
export class ConnectionKillers {
  readonly #suspicions = new WeakMap<WireMessage, Suspicion>();

  /** The broker ended the connection without a word while these waited for its confirmation. */
  accuse(messages: readonly WireMessage[]): void {
    const alone = messages.length === 1 ? 1 : 0;
    const at = performance.now();
    for (const message of messages) {
      this.#suspicions.set(message, { endings: (this.#suspicions.get(message)?.endings ?? 0) + alone, at });
    }
  }

  has(message: WireMessage): boolean {
    return this.#suspicions.has(message);
  }

  /** How long it is too soon to send the message again, in ms; 0 or less for one that ended no connection when it was alone. */
  dueInMs(message: WireMessage): number {
    const suspicion = this.#suspicions.get(message);
    return suspicion?.endings ? suspicion.at + APART_MS - performance.now() : 0;
  }

  isProved(message: WireMessage): boolean {
    return (this.#suspicions.get(message)?.endings ?? 0) >= PROOF;
  }

  clear(message: WireMessage): void {
    this.#suspicions.delete(message);
  }
}
