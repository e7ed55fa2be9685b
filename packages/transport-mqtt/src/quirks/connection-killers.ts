import type { WireMessage } from '@intersect-sdk/core';

/** How many connections must end while this message is the only one in flight. Network failures don't follow such a pattern. */
const PROOF = 3;

/**
 * Messages that may have made the broker end the connection. RabbitMQ ends it when the user may not write to a topic,
 * and gives neither the reason nor the message: sent again together with all the others, that message would end every
 * further connection. So each message that was in flight is sent alone on the next connection, until it is
 * confirmed or has ended enough connections. Kept across connections, as the messages are.
 */
export class ConnectionKillers {
  readonly #endings = new WeakMap<WireMessage, number>();

  /** The broker ended the connection without a word while these waited for its confirmation. */
  accuse(messages: readonly WireMessage[]): void {
    const alone = messages.length === 1 ? 1 : 0;
    for (const message of messages) {
      this.#endings.set(message, (this.#endings.get(message) ?? 0) + alone);
    }
  }

  has(message: WireMessage): boolean {
    return this.#endings.has(message);
  }

  isProved(message: WireMessage): boolean {
    return (this.#endings.get(message) ?? 0) >= PROOF;
  }

  clear(message: WireMessage): void {
    this.#endings.delete(message);
  }
}
