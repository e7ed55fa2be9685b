import { newId, TransportError, type WireMessage } from '@intersect-sdk/core';
import type { SessionOptions } from '../call-options.js';
import type { Link, LinkEvents, LinkPublishOptions, PublishOutcome, SubscriptionSpec } from '../driver.js';
import type { Consumer, MemoryQueue } from './queue.js';

const ROUTED: Promise<PublishOutcome> = Promise.resolve({ routed: 'yes' });
const NOT_ROUTED: Promise<PublishOutcome> = Promise.resolve({ routed: 'no' });

/** What a link does at its broker. */
interface LinkHost {
  readonly maxPayloadBytes: number | undefined;
  /** Answers whether any queue took the message. */
  route(message: WireMessage, expiresAfterMs: number | undefined): boolean;
  queue(name: string, spec: SubscriptionSpec): MemoryQueue;
  consumersOf(name: string): number;
  remove(name: string): void;
  expire(name: string, afterMs: number): void;
  detach(link: MemoryLink): void;
}

/** One connection to a `MemoryBroker`. */
export class MemoryLink implements Link {
  readonly maxPayloadBytes: number | undefined;
  readonly #id = newId();
  readonly #broker: LinkHost;
  readonly #session: SessionOptions;
  readonly #events: LinkEvents;
  readonly #consumers = new Map<string, Consumer>();
  /** Consumers that were unsubscribed while their messages are still being handled. */
  readonly #leaving = new Set<Consumer>();
  #open = true;

  constructor(broker: LinkHost, session: SessionOptions, events: LinkEvents) {
    this.#broker = broker;
    this.maxPayloadBytes = broker.maxPayloadBytes;
    this.#session = session;
    this.#events = events;
  }

  publish(message: WireMessage, { expiresAfterMs }: LinkPublishOptions): Promise<PublishOutcome> {
    if (!this.#open) return Promise.reject(hasEnded());
    return this.#broker.route(message, expiresAfterMs) ? ROUTED : NOT_ROUTED;
  }

  async subscribe(spec: SubscriptionSpec): Promise<void> {
    this.#throwIfEnded();
    this.#consumers.set(spec.id, this.#broker.queue(this.#queueName(spec), spec).consume(spec));
  }

  async unsubscribe(spec: SubscriptionSpec): Promise<void> {
    const consumer = this.#consumers.get(spec.id);
    if (!consumer) return;
    this.#consumers.delete(spec.id);
    for (const left of this.#leaving) if (left.unacknowledged.size === 0) this.#leaving.delete(left);
    if (consumer.unacknowledged.size > 0) this.#leaving.add(consumer);
    consumer.queue.cancel(consumer);
    if (spec.retention !== 'durable') this.#broker.remove(this.#queueName(spec));
    else this.#expireListener(consumer);
  }

  async consumersOf(spec: SubscriptionSpec): Promise<number> {
    return this.#broker.consumersOf(this.#queueName(spec));
  }

  async close(): Promise<void> {
    this.#end(!this.#session.keepAfterClose);
  }

  destroy(): void {
    this.#end(false);
  }

  /** Ends the connection as a network fault would. */
  cut(): void {
    if (!this.#open) return;
    this.#end(false);
    this.#events.lost(
      new TransportError('CONNECTION_LOST', 'The connection to the in-memory broker was cut.'),
    );
  }

  #end(removeSession: boolean): void {
    if (!this.#open) return;
    this.#open = false;
    this.#broker.detach(this);
    for (const consumer of [...this.#consumers.values(), ...this.#leaving]) {
      const { spec, queue } = consumer;
      queue.abandon(consumer);
      if (spec.retention === 'durable') this.#expireListener(consumer);
      if (spec.retention === 'durable' || this.#leaving.has(consumer)) continue;
      const name = this.#queueName(spec);
      if (spec.retention === 'none' || removeSession) this.#broker.remove(name);
      else this.#broker.expire(name, this.#session.keepForMs);
    }
  }

  /** The queue of a listener that does not come back is removed after the time it asked for. */
  #expireListener({ spec, queue }: Consumer): void {
    if (spec.listener && queue.consumers === 0)
      this.#broker.expire(this.#queueName(spec), spec.listener.keepForMs);
  }

  #queueName({ retention, id, channel, listener }: SubscriptionSpec): string {
    if (retention === 'durable')
      return listener ? `events ${listener.address} ${channel}` : `durable ${channel}`;
    return retention === 'session' ? `session ${this.#session.id} ${id}` : `link ${this.#id} ${id}`;
  }

  #throwIfEnded(): void {
    if (!this.#open) throw hasEnded();
  }
}

function hasEnded(): TransportError {
  return new TransportError('CONNECTION_LOST', 'The connection to the in-memory broker has ended.');
}
