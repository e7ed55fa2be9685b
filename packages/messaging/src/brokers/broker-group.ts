import {
  IllegalStateError,
  isIntersectError,
  type TransportError,
  type WireMessage,
} from '@intersect-sdk/core';
import type { PublishOptions, SessionOptions, SubscribeOptions, Transport } from '@intersect-sdk/transport';
import type { Observers } from '../observe/observers.js';
import type { Reporter } from '../observe/report.js';
import { agedBy } from './aged-message.js';
import { allClosed, anyOpen } from './any-open.js';
import { type GroupHandler, type GroupSubscription, subscribeAtAll } from './group-subscription.js';
import { reportEvents } from './report-events.js';

/** Codes of errors after which another broker may be tried, because this one did not take the message. */
const NOT_TAKEN = new Set<unknown>([
  'UNROUTABLE',
  'PAYLOAD_TOO_LARGE',
  'PUBLISH_REFUSED',
  'BROKER_BUSY',
  'PENDING_FULL',
  'CLOSED',
  'DRAINING',
]);
const PUBLISH_TIMEOUT_MS = 30_000;

export interface BrokerGroupOptions {
  readonly session: SessionOptions;
  readonly observers: Observers;
}

/** Several brokers used as one, to publish and to listen. One that is down does not stop the others. */
export class BrokerGroup {
  readonly #transports: readonly Transport[];
  readonly #options: BrokerGroupOptions;
  /** The transports that this group connected. It never touches one that was in use already. */
  #taken: readonly Transport[] = [];
  /** Resolves with an error once every broker has closed and at least one of them closed by a fault. */
  readonly failed: Promise<TransportError>;

  constructor(transports: readonly Transport[], options: BrokerGroupOptions) {
    this.#transports = transports;
    this.#options = options;
    for (const transport of transports) reportEvents(transport, options.observers);
    this.failed = new Promise((resolve) => {
      void Promise.all(transports.map(({ closed }) => closed)).then((errors) => {
        const error = errors.find((candidate) => candidate !== undefined);
        if (error) resolve(error);
      });
    });
  }

  get transports(): readonly Transport[] {
    return this.#transports;
  }

  /** True while at least one broker can be used. */
  get connected(): boolean {
    return this.#open.length > 0;
  }

  /** True when every broker has ended, at least one of them with an error: only a new start can help. */
  get unrecoverable(): boolean {
    const states = this.#transports.map(({ state }) => state);
    return (
      states.every(({ kind }) => kind === 'closed') &&
      states.some((state) => state.kind === 'closed' && state.error !== undefined)
    );
  }

  /**
   * Resolves when at least one broker is open and each other one was tried. Those that can't be reached
   * now are retried in the background without an end. Throws the first error when none can be reached, and IN_USE for a
   * transport that is connected already: two users could not close it independently.
   */
  async connect(signal?: AbortSignal): Promise<void> {
    const { session } = this.#options;
    this.#throwIfInUse();
    this.#taken = this.#transports;
    const results = await Promise.allSettled(
      this.#transports.map((transport) => transport.connect({ session, signal })),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    if (refused.length === results.length) throw refused[0]?.reason;
    results.forEach((result, index) => {
      const transport = this.#transports[index];
      if (result.status === 'fulfilled' || !transport) return;
      // A transport that has closed has already reported that.
      if (transport.state.kind !== 'idle') return;
      this.#report({ kind: 'broker-failed', broker: transport.name, error: result.reason });
      transport.connect({ session, retry: true }).catch(() => {});
    });
  }

  /**
   * Publishes on one connected broker; the next is tried where one does not take the message. With
   * `mustRoute` UNROUTABLE means that none has a receiver. Without a connected broker it waits for one.
   */
  publishToOne(message: WireMessage, options: PublishOptions): Promise<void> {
    // One broker: its own table of pending publishes waits for the connection.
    const only = this.#transports.length === 1 ? this.#transports[0] : undefined;
    if (only) return this.#publish(only, message, options);
    return this.#publishToFirst(message, options);
  }

  /** Publishes on this broker where it is connected, else as `publishToOne` does: an answer goes where its request came from. */
  publishNear(broker: Transport, message: WireMessage, options: PublishOptions): Promise<void> {
    return broker.state.kind === 'open'
      ? this.#publish(broker, message, options)
      : this.publishToOne(message, options);
  }

  /** Every message goes out through here. */
  #publish(transport: Transport, message: WireMessage, options: PublishOptions): Promise<void> {
    const { observers } = this.#options;
    const sent = transport.publish(message, options);
    return observers.watching ? observers.sending(sent, message, transport.name) : sent;
  }

  get #report(): Reporter {
    return this.#options.observers.report;
  }

  async #publishToFirst(message: WireMessage, options: PublishOptions): Promise<void> {
    const { timeoutMs = PUBLISH_TIMEOUT_MS } = options;
    const dueAtMs = performance.now() + timeoutMs;
    if (this.#open.length === 0) {
      await anyOpen(this.#usable, { channel: message.channel, timeoutMs, signal: options.signal });
    }
    const candidates = this.#open.length > 0 ? this.#open : this.#usable;
    // Waiting for a connection and publishing share the caller's time.
    const publish = (transport: Transport, whenBusy: PublishOptions['whenBusy']): Promise<void> => {
      const leftMs = Math.max(1, dueAtMs - performance.now());
      const aged = agedBy(timeoutMs - leftMs, message, options);
      return this.#publish(transport, aged.message, {
        ...options,
        ...aged.options,
        timeoutMs: leftMs,
        whenBusy,
      });
    };
    let refusal: unknown;
    let busy: Transport | undefined;
    for (const transport of candidates) {
      try {
        return await publish(transport, 'reject');
      } catch (error) {
        if (!isIntersectError(error) || !NOT_TAKEN.has(error.code)) throw error;
        if (error.code === 'BROKER_BUSY') busy ??= transport;
        if (refusal === undefined || codeOf(refusal) === 'UNROUTABLE') refusal = error;
      }
    }
    // No other takes it either, so it waits for the one that may be able to later.
    if (busy && options.whenBusy !== 'reject') return publish(busy, 'wait');
    throw refusal ?? allClosed();
  }

  /** Publishes on every connected broker (on every one, if none is). Throws only when no broker accepted it. */
  async publishToAll(message: WireMessage, options: PublishOptions): Promise<void> {
    const targets = this.#open.length > 0 ? this.#open : this.#usable;
    if (targets.length === 0) throw allClosed();
    const only = targets.length === 1 ? targets[0] : undefined;
    if (only) return this.#publish(only, message, options);
    const results = await Promise.allSettled(
      targets.map((transport) => this.#publish(transport, message, options)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    if (refused.length === results.length) throw refused[0]?.reason;
    for (const { reason } of refused) {
      this.#report({ kind: 'publish-failed', channel: message.channel, error: reason });
    }
  }

  /**
   * Subscribes on every broker; resolves when all connected ones confirmed, or, if none is connected, when
   * the first one did. The others follow when they are back. Throws when a connected broker refuses.
   */
  subscribe(channel: string, handler: GroupHandler, options: SubscribeOptions): Promise<GroupSubscription> {
    const { observers } = this.#options;
    return subscribeAtAll(this.#usable, { channel, handler, options }, observers);
  }

  /** Lets handlers and publishes finish, then closes all that `connect` took. */
  async drain(timeoutMs: number): Promise<void> {
    await Promise.all(this.#taken.map((transport) => transport.drain({ timeoutMs })));
  }

  /** Closes all that `connect` took, at once. */
  async close(): Promise<void> {
    await Promise.all(this.#taken.map((transport) => transport.close()));
  }

  #throwIfInUse(): void {
    const taken = this.#transports.find(
      (transport, index) => transport.state.kind !== 'idle' || this.#transports.indexOf(transport) !== index,
    );
    if (!taken) return;
    const text = [
      `The transport ${taken.name} is in use already.`,
      'Give each client and service a transport of its own, e.g. by calling the function that made it again;',
      'or, over AMQP, one connection to all of them, by shareTransport(transport) of @intersect-sdk/transport.',
    ].join(' ');
    throw new IllegalStateError('IN_USE', text);
  }

  get #open(): readonly Transport[] {
    return this.#transports.filter(({ state }) => state.kind === 'open');
  }

  /** The transports that are connected or trying to connect. */
  get #usable(): readonly Transport[] {
    return this.#transports.filter(({ state }) => state.kind !== 'closed' && state.kind !== 'idle');
  }
}

function codeOf(error: unknown): unknown {
  return isIntersectError(error) ? error.code : undefined;
}
