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
  if (message.retain) {
    if (!broker.retained.accepts(message)) {
      broker.logger.warn(
        { topic: message.topic, limit: broker.limits.retainedMessages },
        'too many retained messages',
      );
      return Reason.quotaExceeded;
    }
    broker.retained.set(message);
  }
  let taken = 0;
  let full = 0;
  for (const [session, targets] of broker.subscriptions.targets(message.topic, publisher)) {
    for (const { qos, retainAsPublished, ids, group } of targets) {
      const outcome = session.deliver(message, {
        qos: lowerQoS(qos, message.qos),
        retain: retainAsPublished && message.retain,
        ids,
        group,
      });
      if (outcome === 'full') full++;
      else taken++;
    }
  }
  if (taken > 0) return Reason.success;
  return full > 0 ? Reason.quotaExceeded : Reason.noMatchingSubscribers;
}

/** Gives unacknowledged messages of a shared subscription to another member (section 4.8.2). */
export function reroute(entries: readonly Outgoing[]): void {
  for (const { message, retain, group } of entries) {
    const member = group?.next();
    if (member === undefined) continue;
    member.session.deliver(message, {
      qos: lowerQoS(member.qos, message.qos),
      retain,
      ids: member.id === undefined ? [] : [member.id],
      group,
    });
  }
}
