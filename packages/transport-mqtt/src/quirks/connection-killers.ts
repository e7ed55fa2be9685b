import type { WireMessage } from '@intersect-sdk/core';

/** How often a connection must end over a message that was alone on its way. Networks don't fail like that. */
const PROOF = 3;

/**
 * Messages over which the broker may have ended the connection. RabbitMQ does so when the user may not
 * write to a topic, and says neither that nor which message it was: sent again with all the others, the one
 * would end every connection to come. So each that was on its way goes alone on the next connection,
 * until it is confirmed or the proof is there. Kept across connections, as messages are.
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
