import { isIntersectError, SubscribeError, type TransportError, type WireMessage } from '@intersect-sdk/core';
import { WorkCount } from '@intersect-sdk/core/internal';
import type {
  Link,
  LinkEvents,
  LinkPublishOptions,
  PublishOutcome,
  SubscriptionSpec,
} from '@intersect-sdk/transport';
import type { Channel } from 'amqplib';
import { lostError, messageOf, reasonOf, saysEnded, subscribeError, tooLong } from '../errors/errors.js';
import { Consumer } from '../in/consumer.js';
import type { AmqpConnection, ConnectionUser } from './connection.js';
import { openEventQueue } from './event-queue.js';
import type { Notices } from './notices.js';
import { openQueue } from './queues.js';
import { type QueueNames, routingKeyOf, type Topology } from './topology.js';

export interface LinkPlan {
  readonly connection: AmqpConnection;
  /** Whether other links use the connection too. */
  readonly isShared: boolean;
  readonly topology: Topology;
  readonly queueNames: QueueNames;
  readonly notices: Notices;
  readonly events: LinkEvents;
}

/** What one transport has of an AMQP connection: a channel for each of its subscriptions, and a part in the one to publish on. */
export class AmqpLink implements Link, ConnectionUser {
  readonly #plan: LinkPlan;
  readonly #consumers = new Map<SubscriptionSpec, Promise<Consumer>>();
  /** Publishes that are not settled yet; undefined where all that are on the connection are this link's. */
  readonly #publishing: WorkCount | undefined;
  /** The end is not reported after `close` or `destroy`. */
  #quiet = false;
  #ended: TransportError | undefined;

  /** Throws TransportError where the connection is lost already. */
  constructor(plan: LinkPlan) {
    this.#plan = plan;
    const { connection, isShared } = plan;
    this.#publishing = isShared ? new WorkCount() : undefined;
    if (connection.ended) throw connection.ended;
    connection.enter(this);
    if (connection.blocked) plan.events.flow(true);
  }

  publish(message: WireMessage, options: LinkPublishOptions): Promise<PublishOutcome> {
    if (this.#ended) return Promise.reject(this.#ended);
    const outcome = this.#plan.connection.publisher.publish(message, options);
    const publishing = this.#publishing;
    if (publishing) {
      publishing.enter();
      const settled = (): void => publishing.leave();
      outcome.then(settled, settled);
    }
    return outcome;
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

  async consumersOf(spec: SubscriptionSpec): Promise<number | undefined> {
    const queue = this.#plan.queueNames.nameOf(spec);
    if (queue === '') return undefined;
    const channel = await this.#plan.connection.openChannel();
    channel.on('error', () => {});
    try {
      return (await channel.checkQueue(queue)).consumerCount;
    } finally {
      closeIfOpen(channel);
    }
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#quiet = true;
    const { connection, topology } = this.#plan;
    try {
      // A broker that blocks reads nothing, so there is nothing to wait for.
      if (!connection.blocked) {
        const consumers = await Promise.allSettled(this.#consumers.values());
        const { keepAfterClose: keepSession } = topology.session;
        await Promise.all(
          consumers.map((started) =>
            started.status === 'fulfilled' ? this.#stop(started.value, { keepSession }) : undefined,
          ),
        );
        await (this.#publishing ?? connection.publisher).idle();
      }
    } catch {
      // The connection ended first.
    }
    const wasLast = connection.leave(this);
    if (wasLast && connection.blocked) connection.fail(lostError(undefined, connection.at));
    else if (wasLast) await connection.close();
    this.destroy();
  }

  destroy(): void {
    this.#quiet = true;
    const { connection } = this.#plan;
    const wasLast = connection.leave(this);
    this.lost(lostError(undefined, connection.at));
    // An orderly end of the connection that is under way may never come to its end.
    if (wasLast || connection.isClosing) connection.fail(this.#ended as TransportError);
    // Others go on using the connection, and what this one holds goes back to its queues.
    for (const starting of this.#consumers.values())
      starting.then((consumer) => consumer.abandon()).catch(() => {});
  }

  lost(error: TransportError): void {
    if (this.#ended) return;
    this.#ended = error;
    if (!this.#quiet) this.#plan.events.lost(error);
  }

  flow(blocked: boolean, reason?: string): void {
    if (!this.#quiet) this.#plan.events.flow(blocked, reason);
  }

  async #startConsumer(spec: SubscriptionSpec): Promise<Consumer> {
    const { connection, topology, queueNames, notices, events } = this.#plan;
    const { at } = connection;
    const problem = tooLong(spec.channel, Buffer.byteLength(routingKeyOf(spec.channel)));
    // Checked first, so that nothing is left at the broker.
    if (problem) throw new SubscribeError('SUBSCRIBE_REFUSED', problem);
    const name = queueNames.take(spec);
    const opened: Channel[] = [];
    const openChannel = async (): Promise<Channel> => {
      const channel = await connection.openChannel();
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
        connection.fail(lostError(error, at));
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
}

function closeIfOpen(channel: Channel): void {
  try {
    channel.close().catch(() => {});
  } catch {
    // The broker closed it already.
  }
}
