import { isIntersectError, SubscribeError, type TransportError, type WireMessage } from '@intersect-sdk/core';
import type {
  Link,
  LinkEvents,
  LinkPublishOptions,
  PublishOutcome,
  SubscriptionSpec,
} from '@intersect-sdk/transport';
import type { Channel, ChannelModel } from 'amqplib';
import {
  exchangeError,
  lostError,
  messageOf,
  reasonOf,
  saysEnded,
  subscribeError,
  tooLong,
} from '../errors/errors.js';
import { Consumer } from '../in/consumer.js';
import { Publisher } from '../out/publisher.js';
import { batchWrites, guardHeaders } from './amqplib-internals.js';
import { openEventQueue } from './event-queue.js';
import type { Notices } from './notices.js';
import { openQueue } from './queues.js';
import { ensureExchange, type QueueNames, routingKeyOf, type Topology } from './topology.js';

export interface LinkPlan {
  readonly connection: ChannelModel;
  /** Drops the socket, in whatever state the connection is. */
  readonly drop: () => void;
  /** `host:port`, for messages. */
  readonly at: string;
  readonly topology: Topology;
  readonly queueNames: QueueNames;
  readonly notices: Notices;
  readonly events: LinkEvents;
}

/** One AMQP connection: one channel to publish on, one for each subscription. */
export class AmqpLink implements Link {
  readonly #plan: LinkPlan;
  readonly #consumers = new Map<SubscriptionSpec, Promise<Consumer>>();
  #publisher: Publisher | undefined;
  #blocked = false;
  /** The end is not reported: before `start` has resolved, and after `close` or `destroy`. */
  #quiet = true;
  #ended: TransportError | undefined;

  private constructor(plan: LinkPlan) {
    this.#plan = plan;
    const { connection, events, at } = plan;
    guardHeaders(connection);
    batchWrites(connection);
    connection.on('error', (error) => this.#fail(lostError(error, at)));
    connection.on('close', (error) => this.#fail(lostError(error, at)));
    connection.on('blocked', (reason) => {
      this.#setBlocked(true);
      events.flow(true, reason);
    });
    connection.on('unblocked', () => {
      this.#setBlocked(false);
      events.flow(false);
    });
  }

  /** Makes a fresh connection usable. Throws TransportError. */
  static async start(plan: LinkPlan): Promise<AmqpLink> {
    const link = new AmqpLink(plan);
    const openChannel = () => plan.connection.createConfirmChannel();
    try {
      const channel = await openChannel();
      // Refusals reject the call as well; without a listener they would end the process.
      channel.on('error', () => {});
      await ensureExchange(channel, plan.topology);
      const { exchange } = plan.topology;
      const fail = (error: TransportError): void => link.#fail(error);
      link.#publisher = new Publisher({ exchange, at: plan.at, openChannel, fail }, channel);
      if (link.#blocked) link.#publisher.hold(true);
      link.#quiet = false;
      return link;
    } catch (error) {
      throw link.#ended ?? exchangeError(error, plan.at, plan.topology.exchange);
    }
  }

  publish(message: WireMessage, options: LinkPublishOptions): Promise<PublishOutcome> {
    return (this.#publisher as Publisher).publish(message, options);
  }

  async subscribe(spec: SubscriptionSpec): Promise<void> {
    const starting = this.#startConsumer(spec);
    this.#consumers.set(spec, starting);
    try {
      await starting;
    } catch (error) {
      if (this.#consumers.get(spec) === starting) this.#consumers.delete(spec);
      throw error;
    }
  }

  async unsubscribe(spec: SubscriptionSpec, { forget } = { forget: false }): Promise<void> {
    const starting = this.#consumers.get(spec);
    this.#consumers.delete(spec);
    const consumer = await starting?.catch(() => undefined);
    if (consumer) await this.#stop(consumer, { keepSession: false, forget });
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#quiet = true;
    try {
      // A broker that blocks reads nothing, so there is nothing to wait for.
      if (!this.#blocked) {
        const consumers = await Promise.allSettled(this.#consumers.values());
        const { keepAfterClose: keepSession } = this.#plan.topology.session;
        await Promise.all(
          consumers.map((started) =>
            started.status === 'fulfilled' ? this.#stop(started.value, { keepSession }) : undefined,
          ),
        );
        await this.#publisher?.idle();
      }
      if (!this.#ended) await this.#plan.connection.close();
    } catch {
      // The connection ended first.
    }
    this.destroy();
  }

  destroy(): void {
    this.#quiet = true;
    this.#fail(lostError(undefined, this.#plan.at));
  }

  async #startConsumer(spec: SubscriptionSpec): Promise<Consumer> {
    const { topology, queueNames, notices, events, at } = this.#plan;
    const problem = tooLong(spec.channel, Buffer.byteLength(routingKeyOf(spec.channel)));
    // Checked first, so that nothing is left at the broker.
    if (problem) throw new SubscribeError('SUBSCRIBE_REFUSED', problem);
    const name = queueNames.take(spec);
    const opened: Channel[] = [];
    const openChannel = async (): Promise<Channel> => {
      const channel = await this.#plan.connection.createChannel();
      channel.on('error', () => {});
      opened.push(channel);
      return channel;
    };
    try {
      const plan = { topology, spec, name, notices, openChannel };
      const { channel, queue } = await (spec.listener
        ? openEventQueue(plan, spec.listener)
        : openQueue(plan));
      const consumer = await Consumer.start(channel, {
        spec,
        queue,
        lost: (error) => {
          queueNames.release(name);
          this.#consumers.delete(spec);
          if (!this.#ended && !this.#quiet) events.subscriptionLost(spec, error);
        },
      });
      notices.made(spec);
      return consumer;
    } catch (error) {
      queueNames.release(name);
      // One on which amqplib could not write what was asked waits for an answer for ever.
      for (const channel of opened) closeIfOpen(channel);
      if (this.#ended || isIntersectError(error)) throw this.#ended ?? error;
      const reason = reasonOf(error);
      if (reason?.text.includes('no exchange')) {
        // Somebody deleted the exchange and with it every binding: only a new connection makes all that again.
        this.#fail(lostError(error, at));
        throw lostError(error, at);
      }
      if (!reason && saysEnded(error)) throw lostError(error, at);
      throw subscribeError(error, { channel: spec.channel, queue: name });
    }
  }

  async #stop(
    consumer: Consumer,
    { keepSession, forget = false }: { readonly keepSession: boolean; readonly forget?: boolean },
  ): Promise<void> {
    const { spec, queue } = consumer;
    const { topology, notices } = this.#plan;
    const deleteQueue = spec.retention === 'session' && !keepSession;
    const forgets = forget && spec.retention === 'durable';
    // Those who run the broker made it.
    if (forgets && !topology.isRoot)
      notices.notForgotten(spec, queue, 'isRoot: false leaves the queues to others');
    try {
      await consumer.stop({ deleteQueue, forget: forgets && topology.isRoot });
    } catch (error) {
      notices.notForgotten(spec, queue, reasonOf(error)?.text ?? messageOf(error));
    }
    this.#plan.queueNames.release(consumer.queue);
  }

  #setBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    this.#publisher?.hold(blocked);
  }

  #fail(error: TransportError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#plan.drop();
    this.#publisher?.end(error);
    if (!this.#quiet) this.#plan.events.lost(error);
  }
}

function closeIfOpen(channel: Channel): void {
  try {
    channel.close().catch(() => {});
  } catch {
    // The broker closed it already.
  }
}
