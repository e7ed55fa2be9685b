import { eventChannel } from '@intersect-sdk/core';
import {
  asError,
  type BrokerGroup,
  type EventHandler,
  type EventParams,
  listenToEvents,
} from '@intersect-sdk/messaging';
import type { ReportListener } from '../report.js';

/**
 * The events of other services that a service listens to. One subscription for each channel, however
 * many handlers there are: two on one durable queue would share its messages between them.
 */
export class EventListeners {
  readonly #report: ReportListener;
  readonly #maxPayloadBytes: number;
  readonly #handlers = new Map<string, { readonly params: EventParams; readonly handlers: EventHandler[] }>();
  #brokers: BrokerGroup | undefined;

  constructor(report: ReportListener, maxPayloadBytes: number) {
    this.#report = report;
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  /** Subscribes to all that is registered; resolves when the brokers confirmed. */
  async open(brokers: BrokerGroup): Promise<void> {
    this.#brokers = brokers;
    await Promise.all([...this.#handlers.keys()].map((channel) => this.#subscribe(channel, brokers)));
  }

  close(): void {
    this.#brokers = undefined;
  }

  /** Resolves when the brokers confirmed, at once before `open`. */
  async register(params: EventParams, handler: EventHandler): Promise<void> {
    const channel = eventChannel(params.hierarchy, params.capabilityName, params.eventName);
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
      await Promise.all(handlers.map((handler) => this.#handle(async () => handler(event), channel)));
    };
    await listenToEvents(params, handleAll, {
      brokers,
      report: this.#report,
      retention: 'durable',
      maxPayloadBytes: this.#maxPayloadBytes,
    });
  }

  async #handle(handler: () => Promise<void>, channel: string): Promise<void> {
    try {
      await handler();
    } catch (error) {
      this.#report({ kind: 'handler-failed', channel, error: asError(error) });
    }
  }
}
