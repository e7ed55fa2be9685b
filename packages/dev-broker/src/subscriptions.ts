import type { QoS } from './message.js';
import type { Session } from './session.js';
import { TopicTree } from './topic-tree.js';
import { parseShared } from './topics.js';

export interface Subscription {
  readonly session: Session;
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly id: number | undefined;
}

/** The sessions that take turns on one `$share/group/filter`. */
export class SharedGroup {
  readonly members = new Map<Session, Subscription>();

  /** The member whose turn it is; connected ones go before those that are away. */
  next(): Subscription | undefined {
    let chosen: Subscription | undefined;
    for (const member of this.members.values()) {
      chosen ??= member;
      if (member.session.connected) {
        chosen = member;
        break;
      }
    }
    if (chosen !== undefined) {
      this.members.delete(chosen.session);
      this.members.set(chosen.session, chosen);
    }
    return chosen;
  }
}

/** What one session gets of one message: overlapping subscriptions are one delivery. */
export interface Target {
  qos: QoS;
  retainAsPublished: boolean;
  ids: number[];
  group: SharedGroup | undefined;
}

type Entry = Subscription | SharedGroup;

/** Every subscription of the broker, found by topic. */
export class SubscriptionIndex {
  readonly #tree = new TopicTree<Entry>();
  readonly #groups = new Map<string, SharedGroup>();

  add(subscription: Subscription): void {
    const { session, filter } = subscription;
    const shared = parseShared(filter);
    if (shared === 'invalid') return;
    const previous = session.subscriptions.get(filter);
    session.subscriptions.set(filter, subscription);
    if (shared === undefined) {
      if (previous !== undefined) this.#tree.remove(filter, previous);
      this.#tree.add(filter, subscription);
      return;
    }
    let group = this.#groups.get(filter);
    if (group === undefined) {
      group = new SharedGroup();
      this.#groups.set(filter, group);
      this.#tree.add(shared.filter, group);
    }
    group.members.set(session, subscription);
  }

  /** Answers false when there was no such subscription. */
  remove(session: Session, filter: string): boolean {
    const subscription = session.subscriptions.get(filter);
    if (subscription === undefined) return false;
    session.subscriptions.delete(filter);
    const shared = parseShared(filter);
    const group = this.#groups.get(filter);
    if (group === undefined || typeof shared !== 'object') {
      this.#tree.remove(filter, subscription);
      return true;
    }
    group.members.delete(session);
    if (group.members.size === 0) {
      this.#groups.delete(filter);
      this.#tree.remove(shared.filter, group);
    }
    return true;
  }

  removeAll(session: Session): void {
    for (const filter of [...session.subscriptions.keys()]) this.remove(session, filter);
  }

  targets(topic: string, publisher: Session | undefined): Map<Session, Target[]> {
    const targets = new Map<Session, Target[]>();
    this.#tree.match(topic, (entry) => {
      const group = entry instanceof SharedGroup ? entry : undefined;
      const subscription = entry instanceof SharedGroup ? entry.next() : entry;
      if (subscription === undefined) return;
      const { session, qos, retainAsPublished, id } = subscription;
      if (subscription.noLocal && session === publisher) return;
      const ids = id === undefined ? [] : [id];
      const existing = targets.get(session);
      if (existing === undefined) {
        targets.set(session, [{ qos, retainAsPublished, ids, group }]);
        return;
      }
      const own = existing.find((target) => target.group === undefined);
      if (group !== undefined || own === undefined) {
        existing.push({ qos, retainAsPublished, ids, group });
        return;
      }
      if (qos > own.qos) own.qos = qos;
      own.retainAsPublished ||= retainAsPublished;
      own.ids.push(...ids);
    });
    return targets;
  }
}
