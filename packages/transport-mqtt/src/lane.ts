import type { SubscriptionSpec } from '@intersect-sdk/transport';
import { type ConnectionEvents, type ConnectionPlan, MqttConnection } from './connection.js';
import { Inbox, type InboxOptions } from './inbox.js';

export interface LaneOptions extends Omit<InboxOptions, 'acknowledge'> {
  /** Keep what no subscription wants, until `endHold`. */
  readonly hold: boolean;
}

/** One session at the broker: its connection, and the subscriptions that are kept in it. */
export class Lane {
  readonly connection: MqttConnection;
  readonly #inbox: Inbox;

  static async open(
    plan: ConnectionPlan,
    options: LaneOptions,
    events: Omit<ConnectionEvents, 'message'>,
  ): Promise<Lane> {
    // Messages of a kept session come, and can be handled, before the connection is at hand.
    let connection: MqttConnection | undefined;
    const early: number[] = [];
    const acknowledge = (messageId: number): void => {
      if (connection) connection.acknowledge(messageId);
      else early.push(messageId);
    };
    const inbox = new Inbox({ ...options, acknowledge });
    connection = await MqttConnection.open(plan, { ...events, message: (packet) => inbox.take(packet) });
    for (const messageId of early) connection.acknowledge(messageId);
    return new Lane(connection, inbox);
  }

  private constructor(connection: MqttConnection, inbox: Inbox) {
    this.connection = connection;
    this.#inbox = inbox;
  }

  /** Nothing is subscribed and no handler is at work. */
  get unused(): boolean {
    return this.#inbox.unused;
  }

  /** Resolves when the broker confirmed. */
  async subscribe(spec: SubscriptionSpec): Promise<void> {
    const filter = this.#inbox.add(spec);
    const identifier = this.connection.limits.subscriptionIdentifiers ? filter.identifier : undefined;
    try {
      await this.connection.subscribe(spec.channel, filter.topicFilter, identifier);
    } catch (error) {
      this.#inbox.remove(spec);
      throw error;
    }
  }

  /** Resolves when the broker confirmed, or at once while others want the channel. */
  async unsubscribe(spec: SubscriptionSpec): Promise<void> {
    const { unwanted } = this.#inbox.remove(spec);
    if (unwanted) await this.connection.unsubscribe(unwanted.topicFilter);
  }

  /** Ends delivery and leaves the subscription at the broker. Resolves when the handlers at work are done. */
  leave(spec: SubscriptionSpec): Promise<void> {
    return this.#inbox.remove(spec).idle;
  }

  endHold(): void {
    this.#inbox.endHold();
  }

  close(options: { readonly dropSession: boolean }): Promise<void> {
    this.#inbox.end();
    return this.connection.close(options);
  }

  destroy(): void {
    this.#inbox.end();
    this.connection.destroy();
  }
}
