import { type Message, ownBytes, remainingSeconds, storedBytes } from '../packets/message.js';
import type { Memory } from './memory.js';
import { TopicTree } from './topic-tree.js';

/** The last retained message of each topic, in memory only. */
export class RetainedMessages {
  readonly #messages = new Map<string, Message>();
  readonly #limit: number;
  readonly #memory: Memory;

  constructor(limit: number, memory: Memory) {
    this.#limit = limit;
    this.#memory = memory;
  }

  /** Keeps the message, or forgets its topic when it has no payload. Answers false when there is no room. */
  keep(message: Message): boolean {
    const before = this.#messages.get(message.topic);
    if (message.payload.length === 0) {
      if (before) this.#forget(before);
      return true;
    }
    if (!before && this.#messages.size >= this.#limit) return false;
    if (!this.#memory.take(storedBytes(message) - (before ? storedBytes(before) : 0))) return false;
    ownBytes(message);
    this.#messages.set(message.topic, message);
    return true;
  }

  matching(filter: string): Message[] {
    const found: Message[] = [];
    const tree = new TopicTree<Message[]>();
    tree.add(filter, found);
    for (const [topic, message] of this.#messages) {
      if (remainingSeconds(message) <= 0) this.#forget(message);
      else tree.match(topic, () => found.push(message));
    }
    return found;
  }

  #forget(message: Message): void {
    this.#messages.delete(message.topic);
    this.#memory.add(-storedBytes(message));
  }
}
