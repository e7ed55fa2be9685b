import type { IntersectError } from '@intersect-sdk/core';
import type { SubscriptionSpec } from '@intersect-sdk/transport';
import { DeliveryQueue } from '@intersect-sdk/transport/internal';
import type { Channel, ConsumeMessage, MessageProperties } from 'amqplib';
import { channelOf } from '../connection/topology.js';
import { subscriptionEnded } from '../errors/errors.js';
import { Acknowledgements } from './acknowledgements.js';

/**
 * How many messages at least are under way to a subscription that has its queue for itself: one at a time, each would cost a
 * round trip. A durable queue may have other consumers, who must get what this one can't handle now.
 */
const FETCHED_AHEAD = 100;

/**
 * How long the acknowledgement of a message waits for others, in a queue that is this program's own: should its connection be cut
 * meanwhile, it knows what it has had. From a durable queue, whoever comes after would handle it a second time.
 */
const ACKNOWLEDGED_WITHIN_MS = 5;

export interface ConsumerPlan {
  readonly spec: SubscriptionSpec;
  readonly queue: string;
  /** The broker ended the subscription, and the connection is still there. */
  lost(error: IntersectError): void;
}

/**
 * One subscription on a channel of its own, so that an error of one does not close the others.
 * Delivery tags belong to the channel, so an acknowledgement can't reach another channel than its message's.
 */
export class Consumer {
  readonly #plan: ConsumerPlan;
  readonly #channel: Channel;
  readonly #receiver: DeliveryQueue<number>;
  readonly #acknowledgements: Acknowledgements;
  #tag = '';
  #open = true;
  #stopping = false;
  // Messages in a row mostly have one channel.
  #lastKey = '';
  #lastChannel = '';

  private constructor(channel: Channel, plan: ConsumerPlan, prefetch: number) {
    this.#channel = channel;
    this.#plan = plan;
    this.#acknowledgements = new Acknowledgements(channel, {
      withinMs: plan.spec.retention === 'durable' ? 0 : ACKNOWLEDGED_WITHIN_MS,
      // Half of what may be unacknowledged, so that the other half is under way while these wait.
      size: Math.max(1, Math.floor(prefetch / 2)),
    });
    this.#receiver = new DeliveryQueue(plan.spec, (deliveryTag, handled) => {
      if (handled) this.#acknowledgements.handled(deliveryTag);
    });
    channel.on('error', (error) => {
      this.#end();
      if (!this.#stopping && this.#tag !== '') plan.lost(subscriptionEnded(error, plan.spec.channel));
    });
    channel.on('close', () => this.#end());
  }

  /** Resolves when the broker confirmed. */
  static async start(channel: Channel, plan: ConsumerPlan): Promise<Consumer> {
    const { concurrency, retention } = plan.spec;
    const prefetch = retention === 'durable' ? concurrency : Math.max(concurrency, FETCHED_AHEAD);
    const consumer = new Consumer(channel, plan, prefetch);
    // In RabbitMQ this limit is each consumer's own.
    await channel.prefetch(prefetch);
    const { consumerTag } = await channel.consume(plan.queue, (message) => {
      if (message) consumer.#deliver(message);
      else consumer.#onCancelled();
    });
    consumer.#tag = consumerTag;
    return consumer;
  }

  get queue(): string {
    return this.#plan.queue;
  }

  get spec(): SubscriptionSpec {
    return this.#plan.spec;
  }

  /** Ends delivery. The channel stays until the handlers at work have ended, for their acknowledgements. */
  async stop(options: {
    readonly deleteQueue: boolean;
    readonly forget?: boolean | undefined;
  }): Promise<void> {
    this.#stopping = true;
    this.#receiver.stop();
    // Before anything that waits for the queue: RabbitMQ puts the end of a channel before acknowledgements that its queue has
    // not looked at yet, and would deliver those messages again.
    this.#acknowledgements.flush();
    try {
      await this.#channel.cancel(this.#tag);
      this.#acknowledgements.flush();
      if (options.deleteQueue) await this.#channel.deleteQueue(this.#plan.queue);
    } catch {
      // Whatever closed the channel ended the delivery as well.
    }
    if (options.forget) await this.#forget();
    void this.#closeWhenIdle();
  }

  /** Deletes the queue, whatever waits in it, unless others take messages from it. Throws what the broker says. */
  async #forget(): Promise<void> {
    await this.#receiver.idle();
    if (!this.#open) return;
    this.#acknowledgements.flush();
    // Quorum queues know no `if-unused`: asked for it, RabbitMQ ends the whole connection.
    const { consumerCount } = await this.#channel.checkQueue(this.#plan.queue);
    if (consumerCount > 0) throw new Error('it is in use by other programs');
    await this.#channel.deleteQueue(this.#plan.queue);
  }

  /** Ends at once; what was not acknowledged goes back to its queue. */
  abandon(): void {
    this.#stopping = true;
    this.#receiver.stop();
    const wasOpen = this.#open;
    this.#end();
    if (wasOpen) this.#channel.close().catch(() => {});
  }

  #deliver(raw: ConsumeMessage): void {
    // What was on its way when the subscription ended goes back with the channel.
    if (this.#stopping) return;
    const { fields, properties, content } = raw;
    if (fields.routingKey !== this.#lastKey) {
      this.#lastKey = fields.routingKey;
      this.#lastChannel = channelOf(fields.routingKey);
    }
    const message = {
      channel: this.#lastChannel,
      payload: content,
      contentType: contentTypeOf(properties),
      headers: headersOf(properties),
    };
    const { redelivered, deliveryTag } = fields;
    this.#acknowledgements.delivered(deliveryTag);
    this.#receiver.take({ message, info: { redelivered }, slot: deliveryTag });
  }

  /** The queue is gone. */
  #onCancelled(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#plan.lost(subscriptionEnded(undefined, this.#plan.spec.channel));
    void this.#closeWhenIdle();
  }

  #end(): void {
    this.#open = false;
    this.#acknowledgements.end();
  }

  async #closeWhenIdle(): Promise<void> {
    await this.#receiver.idle();
    if (!this.#open) return;
    this.#acknowledgements.flush();
    this.#end();
    this.#channel.close().catch(() => {
      // Closed already.
    });
  }
}

function contentTypeOf({ contentType }: MessageProperties): string {
  return typeof contentType === 'string' ? contentType : '';
}

/** Only what came as a string. amqplib made the table for this message alone, so mostly it can stay as it is. */
function headersOf({ headers: table }: MessageProperties): Readonly<Record<string, string>> {
  if (table === undefined) return {};
  // A header named __proto__ must not lend what it holds to the others.
  let allStrings = Object.getPrototypeOf(table) === Object.prototype;
  for (const name in table) {
    if (typeof table[name] !== 'string') allStrings = false;
  }
  if (allStrings) return table;
  const headers: Record<string, string> = {};
  for (const name of Object.keys(table)) {
    if (typeof table[name] === 'string') headers[name] = table[name];
  }
  return headers;
}
