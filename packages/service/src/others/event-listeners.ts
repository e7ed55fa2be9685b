import type { Integers } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import {
  type BrokerGroup,
  type DataPlane,
  type EventHandler,
  type EventMessage,
  type EventParams,
  type GroupSubscription,
  listenToEvents,
  type Observers,
} from '@intersect-sdk/messaging';
import type { EventDelivery } from '../replicas/deliveries.js';

export interface EventListenersOptions {
  readonly wire: Wire;
  readonly observers: Observers;
  readonly data: DataPlane;
  readonly maxPayloadBytes: number;
  readonly integers: Integers;
  readonly delivery: EventDelivery;
}

/**
 * The events of other services that a service listens to. One subscription for each channel, however
 * many handlers there are: two on one durable queue would share its messages between them.
 */
export class EventListeners {
  readonly #options: EventListenersOptions;
  readonly #handlers = new Map<string, { readonly params: EventParams; readonly handlers: EventHandler[] }>();
  #brokers: BrokerGroup | undefined;
  #subscriptions: GroupSubscription[] = [];

  constructor(options: EventListenersOptions) {
    this.#options = options;
  }

  /** Subscribes to all that is registered; resolves when the brokers confirmed. */
  async open(brokers: BrokerGroup): Promise<void> {
    this.#brokers = brokers;
    this.#subscriptions = [];
    await Promise.all([...this.#handlers.keys()].map((channel) => this.#subscribe(channel, brokers)));
  }

  close(): void {
    this.#brokers = undefined;
  }

  /** Leaves what it shares with other instances to them: a broker that deals events out to instances would deal them out to this one still. */
  async leaveToOthers(): Promise<void> {
    if (this.#options.delivery.shared) await this.#unsubscribe({ forget: false });
  }

  /** Removes what brokers keep of them. */
  forget(): Promise<void> {
    return this.#unsubscribe({ forget: true });
  }

  async #unsubscribe(options: { readonly forget: boolean }): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.unsubscribe(options)));
  }

  /** Resolves when the brokers confirmed, at once before `open`. */
  async register(params: EventParams, handler: EventHandler): Promise<void> {
    const { hierarchy, capabilityName, eventName } = params;
    const channel = this.#options.wire.eventChannel(hierarchy, capabilityName, eventName);
    const known = this.#handlers.get(channel);
    if (known) {
      known.handlers.push(handler);
      return;
    }
    this.#handlers.set(channel, { params, handlers: [handler] });
    if (this.#brokers) await this.#subscribe(channel, this.#brokers);
  }

  async #subscribe(channel: string, brokers: BrokerGroup): Promise<void> {
    const registered = this.#handlers.get(channel);
    if (!registered) return;
    const { params, handlers } = registered;
    const handleAll: EventHandler = async (event) => {
      // Each its own, so that none sees what another made of it.
      const events = handlers.map((_handler, index) => (index === 0 ? event : structuredClone(event)));
      await Promise.all(
        handlers.map((handler, index) =>
          this.#handle(async () => handler(events[index] as EventMessage), channel),
        ),
      );
    };
    const { delivery, ...options } = this.#options;
    const listening = { ...options, ...delivery, brokers };
    this.#subscriptions.push(await listenToEvents(params, handleAll, listening));
  }

  async #handle(handler: () => Promise<void>, channel: string): Promise<void> {
    try {
      await handler();
    } catch (error) {
      this.#options.observers.report({ kind: 'handler-failed', channel, error });
    }
  }
}
