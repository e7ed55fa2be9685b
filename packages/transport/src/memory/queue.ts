import type { WireMessage } from '@intersect-sdk/core';
import { TransientMap } from '@intersect-sdk/core/internal';
import type { SubscriptionSpec } from '../driver.js';
import { copyOf } from './copy-of.js';

interface Stored {
  /** Its place in the order of arrival. */
  readonly number: number;
  readonly message: WireMessage;
  /** From then on it is handed to nobody; on the clock of `performance.now()`. */
  readonly goneAtMs: number;
  redelivered: boolean;
}

/** One subscription at work on a queue; it holds what it was given and did not acknowledge yet. */
export class Consumer {
  readonly queue: MemoryQueue;
  readonly spec: SubscriptionSpec;
  readonly unacknowledged = new TransientMap<number, Stored>();
  active = true;

  constructor(queue: MemoryQueue, spec: SubscriptionSpec) {
    this.queue = queue;
    this.spec = spec;
  }
}

/** Messages in order, handed to consumers in turn, each up to its concurrency, and kept until acknowledged. */
export class MemoryQueue {
  readonly channel: string;
  readonly #waiting: Stored[] = [];
  readonly #consumers: Consumer[] = [];
  #arrived = 0;
  #scheduled = false;

  constructor(channel: string) {
    this.channel = channel;
  }

  get consumers(): number {
    return this.#consumers.length;
  }

  push(message: WireMessage, expiresAfterMs: number = Number.POSITIVE_INFINITY): void {
    const goneAtMs = performance.now() + expiresAfterMs;
    this.#waiting.push({ number: ++this.#arrived, message, goneAtMs, redelivered: false });
    this.#schedule();
  }

  consume(spec: SubscriptionSpec): Consumer {
    const consumer = new Consumer(this, spec);
    this.#consumers.push(consumer);
    this.#schedule();
    return consumer;
  }

  /** Hands nothing more to it; what it holds can still be acknowledged. */
  cancel(consumer: Consumer): void {
    consumer.active = false;
    const index = this.#consumers.indexOf(consumer);
    if (index >= 0) this.#consumers.splice(index, 1);
  }

  /** Its connection is gone: what it holds goes back to the front, in order. */
  abandon(consumer: Consumer): void {
    this.cancel(consumer);
    const returned = consumer.unacknowledged.takeAll();
    for (const stored of returned) stored.redelivered = true;
    this.#waiting.unshift(...returned);
    this.#schedule();
  }

  // As over a network, a delivery never happens inside the call that caused it.
  #schedule(): void {
    if (this.#scheduled || this.#consumers.length === 0) return;
    this.#scheduled = true;
    // Not `queueMicrotask`: in Node that makes three objects, and this is done for every message.
    void NOW.then(this.#pump);
  }

  readonly #pump = (): void => {
    this.#scheduled = false;
    while (this.#waiting.length > 0) {
      const index = this.#consumers.findIndex(hasRoom);
      const consumer = this.#consumers[index];
      const stored = this.#waiting[0];
      if (!consumer || !stored) return;
      this.#waiting.shift();
      if (performance.now() >= stored.goneAtMs) continue;
      if (this.#consumers.length > 1) this.#consumers.push(...this.#consumers.splice(index, 1));
      consumer.unacknowledged.set(stored.number, stored);
      const { message, redelivered } = stored;
      // As over a network, each delivery is a copy: what a receiver changes in it is seen neither by the sender nor by the next receiver.
      void consumer.spec.deliver(copyOf(message), { redelivered }).then((done) => {
        if (done && consumer.unacknowledged.delete(stored.number)) this.#schedule();
      });
    }
  };
}

const NOW = Promise.resolve();

function hasRoom({ spec, unacknowledged }: Consumer): boolean {
  return unacknowledged.size < spec.concurrency;
}
