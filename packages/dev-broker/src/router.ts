import type { BrokerState } from './broker-state.js';
import { lowerQoS, type Message } from './message.js';
import { Reason } from './reason.js';
import type { Outgoing, Session } from './session.js';

/**
 * Hands a message to every session that subscribes to its topic, and keeps it when it is retained.
 * Answers the reason code for the publisher: success, no matching subscribers, or quota exceeded when
 * nobody could take it.
 */
export function route(broker: BrokerState, message: Message, publisher?: Session): number {
  if (message.retain && !broker.retained.keep(message)) {
    broker.logger.warn({ limit: broker.limits.retainedMessages }, 'too many retained messages');
    return Reason.quotaExceeded;
  }
  const outcomes = new Set<string>();
  for (const { session, qos, retainAsPublished, ids, group } of broker.subscriptions.targets(
    message.topic,
    publisher,
  )) {
    const retain = retainAsPublished && message.retain;
    outcomes.add(session.deliver({ message, qos: lowerQoS(qos, message.qos), retain, ids, group }));
  }
  if (outcomes.size === 0) return Reason.noMatchingSubscribers;
  return outcomes.has('full') && outcomes.size === 1 ? Reason.quotaExceeded : Reason.success;
}

/** Gives unacknowledged messages of a shared subscription to another member (section 4.8.2 of MQTT 5). */
export function reroute(entries: readonly Outgoing[]): void {
  for (const { message, retain, group } of entries) {
    const member = group?.next();
    if (member === undefined) continue;
    const { session, ids } = member;
    session.deliver({ message, qos: lowerQoS(member.qos, message.qos), retain, ids, group });
  }
}
