import type { WireMessage } from '@intersect-sdk/core';
import { WorkCount } from '@intersect-sdk/core/internal';
import type { DeliveryInfo } from '../contract.js';
import type { SubscriptionSpec } from '../driver.js';
import { Fifo } from './fifo.js';

/** One message on its way to a handler. */
export interface Delivery<Slot> {
  readonly message: WireMessage;
  readonly info: DeliveryInfo;
  /** What the driver needs to acknowledge the message. */
  readonly slot: Slot;
}

/**
 * For drivers whose broker sends more messages at once than a subscription's handler takes. Hands them over in order, at
 * most `concurrency` at once, and says for each whether it was handled or is to be left to the broker.
 */
export class DeliveryQueue<Slot> {
  readonly spec: SubscriptionSpec;
  readonly #settle: (slot: Slot, handled: boolean) => void;
  readonly #waiting = new Fifo<Delivery<Slot>>();
  readonly #handlers = new WorkCount();

  constructor(spec: SubscriptionSpec, settle: (slot: Slot, handled: boolean) => void) {
    this.spec = spec;
    this.#settle = settle;
  }

  /** How many messages wait for the handler. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** How many messages the handler is working on. */
  get running(): number {
    return this.#handlers.count;
  }

  take(delivery: Delivery<Slot>): void {
    if (this.#handlers.count < this.spec.concurrency) this.#start(delivery);
    else this.#waiting.push(delivery);
  }

  /** Hands over nothing more, and returns the messages that still waited. Running handlers continue and are settled. */
  stop(): Delivery<Slot>[] {
    return this.#waiting.takeAll();
  }

  /** Resolves when no handler is at work. */
  idle(): Promise<void> {
    return this.#handlers.idle();
  }

  /** Keeps only the message's slot, so that the memory of its payload is the handler's to hold or free. */
  #start({ message, info, slot }: Delivery<Slot>): void {
    this.#handlers.enter();
    this.spec.deliver(message, info).then(
      (handled) => this.#ended(slot, handled),
      () => this.#ended(slot, false),
    );
  }

  #ended(slot: Slot, handled: boolean): void {
    this.#settle(slot, handled);
    const next = this.#waiting.shift();
    // Before `leave`, so that `idle()` does not resolve while messages still wait.
    if (next) this.#start(next);
    this.#handlers.leave();
  }
}
