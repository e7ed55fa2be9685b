import { onAbort } from '@intersect-sdk/core/internal';
import type { ConnectionEvents, ConnectionPlan } from './connection.js';
import { type LaneOptions, MqttSession } from './mqtt-session.js';

export interface LanePlan extends ConnectionPlan {
  /** Client ids of sessions that were freed, and that no connection has served since. */
  readonly freed: Set<string>;
}

/**
 * Connects a session, and makes sure that it is the only connection to which the broker sends what the session holds.
 *
 * A session that was there already can have an earlier connection that the broker takes for alive, or comes to only now. RabbitMQ
 * tells that one to go and does not wait for it: as long as both are there it sends messages to both in turn, or
 * later ones to the new while the earlier still holds the first; those come back, and late. So the connection
 * that finds its session there handles nothing. It has ended the earlier ones, and ends itself, in order and with nothing
 * acknowledged: all that it was sent goes back to its place, for the connection after it.
 */
export async function openFreshSession(
  plan: LanePlan,
  options: LaneOptions,
  events: Omit<ConnectionEvents, 'message'>,
): Promise<MqttSession> {
  const { freed, session } = plan;
  const first = await MqttSession.open(plan, options, events);
  // A broker that accepts no second connection so soon would never be had, if each try freed the session again.
  if (!first.connection.resumed || freed.delete(session.clientId)) return first;
  await leave(first, plan);
  freed.add(session.clientId);
  const lane = await MqttSession.open(plan, options, events);
  freed.delete(session.clientId);
  return lane;
}

/** Resolves when the connection has ended: by the broker, or without it when that takes too long or the signal aborts. */
async function leave(lane: MqttSession, { options, signal }: LanePlan): Promise<void> {
  const closed = lane.close({ dropSession: false });
  const timer = setTimeout(() => lane.destroy(), options.connectTimeoutMs);
  const stopListening = onAbort(signal, () => lane.destroy());
  if (signal.aborted) lane.destroy();
  await closed;
  clearTimeout(timer);
  stopListening();
}
