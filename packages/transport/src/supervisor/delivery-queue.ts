import type { WireMessage } from '@intersect-sdk/core';
import { WorkCount } from '@intersect-sdk/core/internal';
import type { DeliveryInfo } from '../contract.js';
import type { SubscriptionSpec } from '../driver.js';
import { Fifo } from './fifo.js';

/** One message on its way to a handler. */
export interface Delivery<Slot> {
  readonly message: WireMessage;
  readonly info: DeliveryInfo;
  /** By what its driver acknowledges it. */
  readonly slot: Slot;
}

/**
 * For drivers whose broker sends more messages at once than a subscription's handler takes: hands them over in order, no more at once
 * than its concurrency, and tells for each whether it was handled or is to be left to the broker.
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

  /** How many were taken and not handed over yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** How many are with the handler. */
  get running(): number {
    return this.#handlers.count;
  }

  take(delivery: Delivery<Slot>): void {
    if (this.#handlers.count < this.spec.concurrency) this.#start(delivery);
    else this.#waiting.push(delivery);
  }

  /** Hands over nothing more, and answers what was not. Handlers at work go on and are settled. */
  stop(): Delivery<Slot>[] {
    return this.#waiting.takeAll();
  }

  /** Resolves when no handler is at work. */
  idle(): Promise<void> {
    return this.#handlers.idle();
  }

  /** Keeps of the message only its slot: what else is needed of it while it is handled is the handler's business. */
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
    // Before the place is left: while messages wait, no one is told that nothing is at work.
    if (next) this.#start(next);
    this.#handlers.leave();
  }
}
