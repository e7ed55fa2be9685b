import type { WireMessage } from '@intersect-sdk/core';
import type { SubscriptionSpec } from '@intersect-sdk/transport';
import { HeldAcknowledgement } from '../in/held-acknowledgement.js';
import { type HandedOver, Inbox, type InboxOptions, type Removed } from '../in/inbox.js';
import type { ConnectionEvents, MqttConnection } from './connection.js';
import { type ConnectionPlan, openConnection } from './open-connection.js';

export interface MqttSessionOptions extends Omit<InboxOptions, 'acknowledge' | 'kept'> {
  /** How long the latest acknowledgement may be held back, in ms. */
  readonly acknowledgeWithinMs: number;
}

/** One session at the broker: its connection, and the subscriptions that are kept in it. */
export class MqttSession {
  readonly connection: MqttConnection;
  readonly #inbox: Inbox;
  readonly #held: HeldAcknowledgement;
  /** Whether the session outlives its connection. */
  readonly #kept: boolean;
  /** What comes still is given to others. */
  #handover: Handover | undefined;
  /** What the broker dealt out to it is meant for this session alone: it goes to nobody else when the session is dropped. */
  #isShared = false;
  /** How many unsubscribes wait for the broker's confirmation. */
  #leaving = 0;

  static async open(
    plan: ConnectionPlan,
    options: MqttSessionOptions,
    events: Omit<ConnectionEvents, 'message'>,
  ): Promise<MqttSession> {
    // Messages of a kept session come, and can be handled, before the connection is at hand.
    let connection: MqttConnection | undefined;
    const early: number[] = [];
    const held = new HeldAcknowledgement((messageId) => {
      if (connection) connection.acknowledge(messageId);
      else early.push(messageId);
    }, options.acknowledgeWithinMs);
    const kept = plan.session.expiryS > 0;
    const inbox = new Inbox({ ...options, acknowledge: (messageId) => held.acknowledge(messageId), kept });
    try {
      connection = await openConnection(plan, { ...events, message: (publish) => inbox.take(publish) });
      // The broker accepted and then closed at once, before a listener was attached.
      if (connection.ended) throw connection.ended;
    } catch (error) {
      held.end();
      throw error;
    }
    for (const messageId of early) connection.acknowledge(messageId);
    return new MqttSession({ connection, inbox, held, kept });
  }

  private constructor({ connection, inbox, held, kept }: SessionParts) {
    this.connection = connection;
    this.#inbox = inbox;
    this.#held = held;
    this.#kept = kept;
  }

  /** True when there is no subscription, no handler is running, and no unsubscribe waits for the broker. */
  get unused(): boolean {
    return this.#leaving === 0 && this.#inbox.unused;
  }

  /** Resolves when the broker confirmed. */
  async subscribe(spec: SubscriptionSpec): Promise<void> {
    const filter = this.#inbox.add(spec);
    this.#handover = undefined;
    if (spec.shared) this.#isShared = true;
    const identifier = this.connection.limits.subscriptionIdentifiers ? filter.identifier : undefined;
    try {
      await this.connection.subscribe(spec.channel, filter.topicFilter, identifier);
    } catch (error) {
      this.#inbox.remove(spec);
      throw error;
    }
  }

  /** Resolves when the broker confirmed, or at once while others want the channel. */
  async unsubscribe(spec: SubscriptionSpec): Promise<Removed> {
    const removed = this.#inbox.remove(spec);
    if (!removed.unwanted) return removed;
    this.#leaving++;
    try {
      await this.connection.unsubscribe(removed.unwanted.topicFilter);
    } finally {
      this.#leaving--;
    }
    return removed;
  }

  /** Ends delivery and leaves the subscription at the broker. */
  leave(spec: SubscriptionSpec): Removed {
    return this.#inbox.remove(spec);
  }

  /**
   * Ends a subscription that others share. The broker has dealt out messages to this session, and would keep them for it: those are given
   * to `passOn`, which resolves to whether the others have one. Resolves when the broker deals out no more.
   */
  async handOver(spec: SubscriptionSpec, passOn: PassOn): Promise<HandedOver | undefined> {
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const handed = this.#inbox.handOver(spec, async (message) => {
      if (this.#handover) this.#handover.count++;
      // Before, the broker could deal it out to this session again.
      await begun;
      const passed = await passOn(message);
      if (!passed && this.#handover) this.#handover.complete = false;
      return passed;
    });
    if (!handed) return undefined;
    this.#handover = { ...handed, count: 0, complete: true };
    this.#leaving++;
    try {
      await this.connection.unsubscribe(handed.topicFilter);
    } finally {
      this.#leaving--;
      begin();
    }
    return handed;
  }

  /** The others have all of it, and no handler is at work on any. */
  get #isHandedOver(): boolean {
    return this.#handover?.complete === true && this.#inbox.unused;
  }

  /** Resolves when nothing more comes of what the broker had dealt out to this session. Rejects when the connection is lost. */
  async handedOver(): Promise<void> {
    const handover = this.#handover;
    if (!handover) return;
    for (let before = -1; before !== handover.count; ) {
      before = handover.count;
      await handover.passedOn();
      // The broker's answer comes after the messages that the acknowledgements made room for.
      await this.connection.unsubscribe(handover.topicFilter);
    }
  }

  endHold(): void {
    this.#inbox.endHold();
  }

  /** Orderly end: what is handled is acknowledged. Resolves when the broker collects nothing more, unless the session is kept. */
  async close({ dropSession }: { readonly dropSession: boolean }): Promise<void> {
    const filters = this.#inbox.topicFilters;
    const drop = !this.#kept || (this.#isShared ? this.#isHandedOver : dropSession);
    this.#inbox.end();
    this.#held.flush();
    // RabbitMQ drops a session some time after its connection ended, and collects until then.
    if (drop && filters.length > 0) await this.connection.unsubscribe(filters).catch(() => {});
    await this.connection.close({ dropSession: drop });
  }

  destroy(): void {
    this.#inbox.end();
    this.#held.end();
    this.connection.destroy();
  }
}

/** Gives a message to the others that share it; resolves to whether they have it. */
export type PassOn = (message: WireMessage) => Promise<boolean>;

interface Handover extends HandedOver {
  /** How many messages came. */
  count: number;
  /** False when one stayed. */
  complete: boolean;
}

interface SessionParts {
  readonly connection: MqttConnection;
  readonly inbox: Inbox;
  readonly held: HeldAcknowledgement;
  readonly kept: boolean;
}
