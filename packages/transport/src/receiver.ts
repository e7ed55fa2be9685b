import type { WireMessage } from '@intersect-sdk/core';
import type { DeliveryInfo } from './contract.js';
import type { SubscriptionSpec } from './driver.js';
import { Fifo } from './fifo.js';

/** One message on its way to a handler; a driver adds what it acknowledges it by. */
export interface Delivery {
  readonly message: WireMessage;
  readonly info: DeliveryInfo;
}

/**
 * For drivers whose broker sends more messages at once than a subscription's handler takes: hands them over in order, no more at once
 * than its concurrency, and tells for each whether it was handled or is to be left to the broker.
 */
export class Receiver<D extends Delivery = Delivery> {
  readonly spec: SubscriptionSpec;
  readonly #settle: (delivery: D, handled: boolean) => void;
  readonly #waiting = new Fifo<D>();
  #running = 0;
  #onIdle: (() => void)[] = [];

  constructor(spec: SubscriptionSpec, settle: (delivery: D, handled: boolean) => void) {
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

  take(delivery: D): void {
    if (this.#running < this.spec.concurrency) this.#start(delivery);
    else this.#waiting.push(delivery);
  }

  /** Hands over nothing more, and answers what was not. Handlers at work go on and are settled. */
  stop(): D[] {
    return this.#waiting.takeAll();
  }

  /** Resolves when no handler is at work. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #start(delivery: D): void {
    this.#running++;
    this.spec.deliver(delivery.message, delivery.info).then(
      (handled) => this.#ended(delivery, handled),
      () => this.#ended(delivery, false),
    );
  }

  #ended(delivery: D, handled: boolean): void {
    this.#settle(delivery, handled);
    this.#running--;
    const next = this.#waiting.shift();
    if (next) this.#start(next);
    else if (this.#running === 0) for (const told of this.#onIdle.splice(0)) told();
  }
}
