import type { Message } from './message.js';
import { filterMatches } from './topics.js';

/** The last retained message of each topic, in memory only. */
export class RetainedMessages {
  readonly #messages = new Map<string, Message>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Whether the message can be kept: a new topic over the limit can't. */
  accepts(message: Message): boolean {
    return (
      message.payload.length === 0 || this.#messages.has(message.topic) || this.#messages.size < this.#limit
    );
  }

  /** Keeps the message, or forgets its topic when it has no payload. */
  set(message: Message): void {
    if (message.payload.length === 0) this.#messages.delete(message.topic);
    else this.#messages.set(message.topic, message.own());
  }

  matching(filter: string): Message[] {
    const now = Date.now();
    const found: Message[] = [];
    for (const [topic, message] of this.#messages) {
      if (!filterMatches(filter, topic)) continue;
      if (message.isExpired(now)) this.#messages.delete(topic);
      else found.push(message);
    }
    return found;
  }
}
