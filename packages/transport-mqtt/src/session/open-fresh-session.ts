import { settlesWithin, untilAborted } from '@intersect-sdk/core/internal';
import type { ConnectionEvents } from './connection.js';
import { MqttSession, type MqttSessionOptions } from './mqtt-session.js';
import type { ConnectionPlan } from './open-connection.js';

export interface FreshSessionPlan extends ConnectionPlan {
  /** Client ids of sessions whose earlier connections were ended, and that no connection has served since. */
  readonly freed: Set<string>;
}

/**
 * Connects a session, and makes sure that it is the only connection to which the broker sends what the session holds.
 *
 * A session that exists already can still have an earlier connection, which the broker takes for alive or has only just
 * accepted. RabbitMQ closes that one but does not wait for it: while both exist it sends messages to both in turn, or later
 * messages to the new one while the earlier one still holds the first, which then come late. So a connection that finds
 * an existing session handles nothing. By connecting it has ended the earlier ones. It then closes itself in order, with
 * nothing acknowledged, so that everything it was sent returns to its place in the queue for the connection after it.
 */
export async function openFreshSession(
  plan: FreshSessionPlan,
  options: MqttSessionOptions,
  events: Omit<ConnectionEvents, 'message'>,
): Promise<MqttSession> {
  const { freed, session } = plan;
  const first = await MqttSession.open(plan, options, events);
  // Once per session, because a broker that refuses a second connection so soon would otherwise never be reached.
  if (!first.connection.resumed || freed.delete(session.clientId)) return first;
  await leave(first, plan);
  freed.add(session.clientId);
  const fresh = await MqttSession.open(plan, options, events);
  freed.delete(session.clientId);
  return fresh;
}

/** Resolves when the connection has ended: in order, or by force when that takes too long or the signal aborts. */
async function leave(earlier: MqttSession, { options, signal }: FreshSessionPlan): Promise<void> {
  const closed = earlier.close({ dropSession: false });
  await settlesWithin(untilAborted(closed, 'Leaving the session', signal), options.connectTimeoutMs);
  // Nothing happens to one that has closed in order.
  earlier.destroy();
  await closed;
}
