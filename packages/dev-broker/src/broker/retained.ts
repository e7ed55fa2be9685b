import { type Message, ownBytes, remainingSeconds } from '../packets/message.js';
import { TopicTree } from './topic-tree.js';

/** The last retained message of each topic, in memory only. */
export class RetainedMessages {
  readonly #messages = new Map<string, Message>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps the message, or forgets its topic when it has no payload. Answers false when there is no room. */
  keep(message: Message): boolean {
    if (message.payload.length === 0) {
      this.#messages.delete(message.topic);
      return true;
    }
    if (this.#messages.size >= this.#limit && !this.#messages.has(message.topic)) return false;
    ownBytes(message);
    this.#messages.set(message.topic, message);
    return true;
  }

  matching(filter: string): Message[] {
    const found: Message[] = [];
    const tree = new TopicTree<Message[]>();
    tree.add(filter, found);
    for (const [topic, message] of this.#messages) {
      if (remainingSeconds(message) <= 0) this.#messages.delete(topic);
      else tree.match(topic, () => found.push(message));
    }
    return found;
  }
}
