import type { WireMessage } from '@intersect-sdk/core';
import type { DeliveryInfo, SubscriptionSpec } from '@intersect-sdk/transport';
import type { Slot } from './acknowledgements.js';
import { Fifo } from './fifo.js';

/** One message on its way to a handler. */
export interface Delivery {
  readonly message: WireMessage;
  readonly info: DeliveryInfo;
  /** Undefined where the broker wants no acknowledgement. */
  readonly slot: Slot | undefined;
}

/** Hands the messages of one subscription to its handler, in order, no more at once than its concurrency. */
export class Receiver {
  readonly spec: SubscriptionSpec;
  readonly #settle: (slot: Slot | undefined, handled: boolean) => void;
  readonly #waiting = new Fifo<Delivery>();
  #running = 0;
  #stopped = false;
  #onIdle: (() => void)[] = [];

  constructor(spec: SubscriptionSpec, settle: (slot: Slot | undefined, handled: boolean) => void) {
    this.spec = spec;
    this.#settle = settle;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  take(delivery: Delivery): void {
    if (this.#running < this.spec.concurrency) void this.#work(delivery);
    else this.#waiting.push(delivery);
  }

  /** Starts nothing more, and answers what was not started. Handlers at work go on and are settled. */
  stop(): Delivery[] {
    this.#stopped = true;
    return this.#waiting.takeAll();
  }

  /** Resolves when no handler is at work. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** One of up to `concurrency` workers: takes the next message when its handler is done with one. */
  async #work(first: Delivery): Promise<void> {
    this.#running++;
    for (let next: Delivery | undefined = first; next; next = this.#waiting.shift()) {
      const handled = await this.#deliver(next);
      this.#settle(next.slot, handled);
    }
    this.#running--;
    if (this.#running === 0) for (const told of this.#onIdle.splice(0)) told();
  }

  async #deliver({ message, info }: Delivery): Promise<boolean> {
    if (this.#stopped) return false;
    try {
      return await this.spec.deliver(message, info);
    } catch {
      return false;
    }
  }
}
