import { type IntersectError, newId, type TransportError, type WireMessage } from '@intersect-sdk/core';
import { WorkCount } from '@intersect-sdk/core/internal';
import type { SubscribeOptions } from '../call-options.js';
import type { DeliveryHandler, DeliveryInfo, Sharing } from '../contract.js';
import type { Link, SubscriptionSpec } from '../driver.js';
import { WHILE_BUSY, waitMs } from './backoff.js';
import { subscribeFailure } from './local-errors.js';
import { assertShareable } from './sharing.js';

const HANDLED = Promise.resolve(true);
const LEFT_TO_BROKER = Promise.resolve(false);

/** One wanted subscription: it stays wanted across links until it is ended. */
export class WantedSubscription {
  readonly spec: SubscriptionSpec;
  /** The link on which it was asked for last. */
  link: Link | undefined;
  ended = false;
  wasConfirmed = false;
  /** How often in a row the broker could not make it for now, and the timer that asks again. */
  refusals = 0;
  retry: ReturnType<typeof setTimeout> | undefined;
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
      listener: options.retention === 'durable' ? options.listener : undefined,
      shared: options.shared ?? false,
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
  /** How this link shares messages. */
  sharingOf(link: Link): Sharing | undefined;
  handlerFailed(channel: string, error: unknown): void;
  lost(channel: string, error: IntersectError): void;
  /** A subscription found that the link is lost. */
  linkLost(link: Link, error: TransportError): void;
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
    clearTimeout(wanted.retry);
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

  /**
   * Asks for all of them on a new link, those that come meanwhile included. They come before the pending publishes, so that no
   * answer to one of those is missed.
   */
  async restoreOn(link: Link): Promise<void> {
    for (;;) {
      const missing = this.missingOn(link);
      if (missing.length === 0) return;
      await Promise.all(missing.map((wanted) => this.subscribeOn(link, wanted)));
    }
  }

  /**
   * Asks for one subscription on the link. Rejects only when the link is lost; a refusal goes to the one who waits. What the
   * broker can't make for now is asked for again until it can.
   */
  async subscribeOn(link: Link, wanted: WantedSubscription): Promise<void> {
    const { channel } = wanted.spec;
    clearTimeout(wanted.retry);
    wanted.link = link;
    try {
      if (wanted.spec.shared) assertShareable(channel, this.#reports.sharingOf(link));
      await link.subscribe(wanted.spec);
      wanted.refusals = 0;
      wanted.wasConfirmed = true;
      wanted.settle.confirm();
    } catch (thrown) {
      const error = subscribeFailure(thrown, channel);
      if (error.code === 'CONNECTION_LOST') throw error;
      if (error.code === 'BROKER_BUSY') {
        this.#subscribeLater(link, wanted, error);
        return;
      }
      this.remove(wanted);
      wanted.settle.refuse(error);
      // It was confirmed on an earlier link, so no caller waits for this refusal: it is reported instead.
      if (wanted.wasConfirmed) this.#reports.lost(channel, error);
    }
  }

  #subscribeLater(link: Link, wanted: WantedSubscription, error: IntersectError): void {
    if (wanted.ended || wanted.link !== link) return;
    wanted.refusals++;
    if (wanted.refusals === 1) this.#reports.lost(wanted.spec.channel, error);
    wanted.retry = setTimeout(
      () => this.subscribeOn(link, wanted).catch((lost) => this.#reports.linkLost(link, lost)),
      waitMs(wanted.refusals, WHILE_BUSY),
    );
  }

  /** The link died: nothing is asked for on it any more. */
  linkLost(): void {
    for (const wanted of this.#wanted) clearTimeout(wanted.retry);
  }

  /** The broker ended one on its own: asks for it again on the same link. */
  async renew(link: Link, spec: SubscriptionSpec, error: IntersectError): Promise<void> {
    this.#reports.lost(spec.channel, error);
    const wanted = [...this.#wanted].find((candidate) => candidate.spec === spec);
    // A lost link is told by the link itself, and the next link restores the subscription.
    if (wanted) await this.subscribeOn(link, wanted).catch((lost) => this.#reports.linkLost(link, lost));
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
