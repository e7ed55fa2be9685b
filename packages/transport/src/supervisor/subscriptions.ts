import { type IntersectError, isIntersectError, newId, type WireMessage } from '@intersect-sdk/core';
import { WorkCount } from '@intersect-sdk/core/internal';
import type { DeliveryHandler, DeliveryInfo, SubscribeOptions } from '../contract.js';
import type { Link, SubscriptionSpec } from '../driver.js';

const HANDLED = Promise.resolve(true);
const LEFT_TO_BROKER = Promise.resolve(false);

/** One wanted subscription: it stays wanted across links until it is ended. */
export class WantedSubscription {
  readonly spec: SubscriptionSpec;
  /** The link on which it was asked for last. */
  link: Link | undefined;
  ended = false;
  wasConfirmed = false;
  /** Settles with the first confirmation, or with the refusal. */
  readonly confirmed: Promise<void>;
  settle!: { confirm(): void; refuse(error: unknown): void };

  constructor(
    channel: string,
    options: SubscribeOptions,
    deliver: (message: WireMessage, info: DeliveryInfo) => Promise<boolean>,
  ) {
    this.spec = {
      id: newId(),
      channel,
      retention: options.retention ?? 'none',
      concurrency: options.concurrency ?? 1,
      deliver,
    };
    this.confirmed = new Promise((resolve, reject) => {
      this.settle = { confirm: resolve, refuse: reject };
    });
    // The caller may have stopped waiting by the time it settles.
    this.confirmed.catch(() => {});
  }
}

export interface SubscriptionReports {
  handlerFailed(channel: string, error: unknown): void;
  lost(channel: string, error: IntersectError): void;
}

/** All wanted subscriptions of a transport, and how many of their handlers are at work. */
export class Subscriptions {
  readonly #wanted = new Set<WantedSubscription>();
  readonly #reports: SubscriptionReports;
  readonly #handlers = new WorkCount();
  #paused = false;

  constructor(reports: SubscriptionReports) {
    this.#reports = reports;
  }

  /** How many handlers are at work. */
  get running(): number {
    return this.#handlers.count;
  }

  add(channel: string, handler: DeliveryHandler, options: SubscribeOptions): WantedSubscription {
    const wanted: WantedSubscription = new WantedSubscription(channel, options, (message, info) =>
      wanted.ended || this.#paused ? LEFT_TO_BROKER : this.#run(handler, message, info),
    );
    this.#wanted.add(wanted);
    return wanted;
  }

  remove(wanted: WantedSubscription): void {
    wanted.ended = true;
    this.#wanted.delete(wanted);
  }

  /** From now on nothing more is handed to handlers; what comes in is left to the broker. */
  pause(): void {
    this.#paused = true;
  }

  /** Resolves when no handler is at work. */
  idle(): Promise<void> {
    return this.#handlers.idle();
  }

  /** Those that were not asked for on this link yet. */
  missingOn(link: Link): WantedSubscription[] {
    return [...this.#wanted].filter((wanted) => wanted.link !== link);
  }

  /** Asks for one subscription on the link. Rejects only when the link is lost; a refusal goes to the caller of `subscribe`. */
  async subscribeOn(link: Link, wanted: WantedSubscription): Promise<void> {
    wanted.link = link;
    try {
      await link.subscribe(wanted.spec);
      wanted.wasConfirmed = true;
      wanted.settle.confirm();
    } catch (error) {
      if (isIntersectError(error) && error.code === 'CONNECTION_LOST') throw error;
      this.remove(wanted);
      wanted.settle.refuse(error);
      // It was confirmed on an earlier link, so no caller waits for this refusal: report it.
      if (wanted.wasConfirmed && isIntersectError(error)) this.#reports.lost(wanted.spec.channel, error);
    }
  }

  /** The broker ended one on its own: asks for it again on the same link. */
  async renew(link: Link, spec: SubscriptionSpec, error: IntersectError): Promise<void> {
    this.#reports.lost(spec.channel, error);
    const wanted = [...this.#wanted].find((candidate) => candidate.spec === spec);
    // A lost link reports itself, and the next link restores the subscription.
    if (wanted) await this.subscribeOn(link, wanted).catch(() => {});
  }

  /** Ends all of them: those that were never confirmed reject with the error. */
  endAll(error: Error): void {
    for (const wanted of [...this.#wanted]) {
      this.remove(wanted);
      wanted.settle.refuse(error);
    }
  }

  #run(handler: DeliveryHandler, message: WireMessage, info: DeliveryInfo): Promise<boolean> {
    this.#handlers.enter();
    const { channel } = message;
    try {
      const handling = handler(message, info);
      if (handling !== undefined) {
        return Promise.resolve(handling).then(this.#ended, (error) => this.#failed(channel, error));
      }
      this.#ended();
    } catch (error) {
      this.#failed(channel, error);
    }
    return HANDLED;
  }

  #failed(channel: string, error: unknown): boolean {
    this.#reports.handlerFailed(channel, error);
    return this.#ended();
  }

  readonly #ended = (): boolean => {
    this.#handlers.leave();
    return true;
  };
}
