import type { Logger } from '@intersect-sdk/core';
import type { ResolvedDevBrokerLimits, ResolvedDevBrokerOptions } from '../options.js';
import { lowerQoS, type Message } from '../packets/message.js';
import { Reason } from '../packets/reason.js';
import { Memory } from './memory.js';
import { RetainedMessages } from './retained.js';
import type { ClientConnection, Outgoing, Session } from './session.js';
import { SessionStore, type SessionStoreHost } from './session-store.js';
import { SubscriptionIndex } from './subscriptions.js';
import { Traffic } from './traffic.js';

/** A connection that has not logged in yet, as the one that counts them sees it. */
export interface WaitingConnection {
  readonly peer: Record<string, unknown>;
  drop(): void;
}

/** What all connections share, and the way of a message to the sessions that subscribe to it. */
export class Broker implements SessionStoreHost {
  readonly options: ResolvedDevBrokerOptions;
  readonly limits: ResolvedDevBrokerLimits;
  readonly logger: Logger;
  /** Those whose CONNECT was accepted. */
  readonly connections = new Set<ClientConnection>();
  /** Those whose CONNECT was not accepted yet, the oldest first. */
  readonly waiting = new Set<WaitingConnection>();
  readonly sessions = new SessionStore(this);
  readonly subscriptions: SubscriptionIndex;
  /** What is held for all clients. */
  readonly memory: Memory;
  readonly retained: RetainedMessages;
  readonly traffic: Traffic;

  constructor(options: ResolvedDevBrokerOptions) {
    this.options = options;
    this.limits = options.limits;
    this.logger = options.logger;
    this.memory = new Memory(options.limits.heldBytes);
    this.subscriptions = new SubscriptionIndex(this.memory);
    this.retained = new RetainedMessages(options.limits.retainedMessages, this.memory);
    this.traffic = new Traffic(options.logger);
  }

  /**
   * Hands a message to every session that subscribes to its topic, and keeps it when it is retained.
   * Returns the reason code for the publisher: success, no matching subscribers, or quota exceeded when
   * every subscriber's queue is full.
   */
  publish(message: Message, publisher: Session): number {
    if (message.retain && !this.retained.keep(message)) {
      this.logger.warn(
        { limit: this.limits.retainedMessages, heldBytes: this.memory.held },
        'no room for a retained message',
      );
      return Reason.quotaExceeded;
    }
    const targets = this.subscriptions.targets(message.topic, publisher);
    const outcomes = targets.map(({ session, qos, retainAsPublished, ids, group }) => {
      const retain = retainAsPublished && message.retain;
      return session.deliver({ message, qos: lowerQoS(qos, message.qos), retain, ids, group });
    });
    if (outcomes.length === 0) return Reason.noMatchingSubscribers;
    return outcomes.every((outcome) => outcome === 'full') ? Reason.quotaExceeded : Reason.success;
  }

  /**
   * Gives the messages that a session leaves behind from shared subscriptions to other members, but for those at
   * QoS 2 that its client may have (section 4.8.2 of MQTT 5).
   */
  reroute(entries: readonly Outgoing[]): void {
    for (const { message, qos, retain, packetId, group } of entries) {
      const mayHaveIt = qos === 2 && packetId !== 0;
      const member = mayHaveIt ? undefined : group?.next();
      if (member === undefined) continue;
      const { session, ids } = member;
      session.deliver({ message, qos: lowerQoS(member.qos, message.qos), retain, ids, group });
    }
  }
}
