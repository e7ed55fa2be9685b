import type { WireMessage } from '@intersect-sdk/core';
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
  #running = 0;
  #onIdle: (() => void)[] = [];

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
    return this.#running;
  }

  take(delivery: Delivery<Slot>): void {
    if (this.#running < this.spec.concurrency) this.#start(delivery);
    else this.#waiting.push(delivery);
  }

  /** Hands over nothing more, and answers what was not. Handlers at work go on and are settled. */
  stop(): Delivery<Slot>[] {
    return this.#waiting.takeAll();
  }

  /** Resolves when no handler is at work. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Keeps of the message only its slot: what else is needed of it while it is handled is the handler's business. */
  #start({ message, info, slot }: Delivery<Slot>): void {
    this.#running++;
    this.spec.deliver(message, info).then(
      (handled) => this.#ended(slot, handled),
      () => this.#ended(slot, false),
    );
  }

  #ended(slot: Slot, handled: boolean): void {
    this.#settle(slot, handled);
    this.#running--;
    const next = this.#waiting.shift();
    if (next) this.#start(next);
    else if (this.#running === 0) for (const told of this.#onIdle.splice(0)) told();
  }
}
