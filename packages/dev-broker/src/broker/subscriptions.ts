import type { QoS } from '../packets/message.js';
import { sharedFilter } from '../packets/topics.js';
import type { Memory } from './memory.js';
import type { Session, SharedSubscription } from './session.js';
import { TopicTree } from './topic-tree.js';

export interface Subscription {
  readonly session: Session;
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly ids: readonly number[];
}

/** All subscriptions to one filter. Those to `$share/group/filter` take turns. */
export class SubscriptionGroup implements SharedSubscription {
  readonly members = new Map<Session, Subscription>();
  readonly topicFilter: string;
  readonly isShared: boolean;

  constructor(filter: string) {
    const inner = sharedFilter(filter);
    this.isShared = inner !== undefined;
    this.topicFilter = inner ?? filter;
  }

  /** Whether another member than this one is connected. */
  isServedBeside(session: Session): boolean {
    for (const member of this.members.keys()) {
      if (member !== session && member.connection !== undefined) return true;
    }
    return false;
  }

  /**
   * The member whose turn it is. Those that are connected go before those that are away, and among them those that have least to do,
   * so that a busy one does not hoard.
   */
  next(): Subscription | undefined {
    let chosen: Subscription | undefined;
    for (const member of this.members.values()) {
      if (chosen === undefined || isBefore(member.session, chosen.session)) chosen = member;
    }
    if (chosen === undefined) return undefined;
    this.members.delete(chosen.session);
    this.members.set(chosen.session, chosen);
    return chosen;
  }
}

function isBefore(one: Session, other: Session): boolean {
  const isThere = one.connection !== undefined;
  if (isThere !== (other.connection !== undefined)) return isThere;
  return one.stored < other.stored;
}

/** What one session gets of one message. */
export interface Target extends Omit<Subscription, 'filter' | 'noLocal'> {
  /** Set for a shared subscription. */
  readonly group: SubscriptionGroup | undefined;
}

/** What it takes to keep a subscription: each level of a filter can be a node of the tree. */
export const subscriptionBytes = (filter: string): number =>
  500 + 2 * filter.length + 300 * filter.split('/').length;

/** Every subscription of the broker, found by topic. Who adds one takes its bytes; `remove` gives them back. */
export class SubscriptionIndex {
  readonly #memory: Memory;
  readonly #tree = new TopicTree<SubscriptionGroup>();
  readonly #groups = new Map<string, SubscriptionGroup>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Adds the subscription, in place of the one that its session has to the same filter. */
  add(subscription: Subscription): void {
    const { session, filter } = subscription;
    const group = this.#groups.get(filter) ?? new SubscriptionGroup(filter);
    this.#groups.set(filter, group);
    this.#tree.add(group.topicFilter, group);
    group.members.set(session, subscription);
    session.filters.add(filter);
  }

  /** Answers false when there was no such subscription. */
  remove(session: Session, filter: string): boolean {
    const group = this.#groups.get(filter);
    if (group === undefined || !session.filters.delete(filter)) return false;
    group.members.delete(session);
    this.#memory.add(-subscriptionBytes(filter));
    if (group.members.size === 0) {
      this.#groups.delete(filter);
      this.#tree.remove(group.topicFilter, group);
    }
    return true;
  }

  /** Overlapping subscriptions of one session are one delivery, with the highest QoS and every identifier. */
  targets(topic: string, publisher: Session): Target[] {
    const shared: Target[] = [];
    const ordinary = new Map<Session, Target>();
    this.#tree.match(topic, (group) => {
      if (group.isShared) {
        const member = group.next();
        if (member !== undefined) shared.push({ ...member, group });
        return;
      }
      for (const { session, qos, noLocal, retainAsPublished, ids } of group.members.values()) {
        if (noLocal && session === publisher) continue;
        const other = ordinary.get(session);
        ordinary.set(session, {
          session,
          qos: Math.max(qos, other?.qos ?? 0) as QoS,
          retainAsPublished: retainAsPublished || other?.retainAsPublished === true,
          ids: [...(other?.ids ?? []), ...ids],
          group: undefined,
        });
      }
    });
    return [...shared, ...ordinary.values()];
  }
}
