import type { KnownService } from '@intersect-sdk/directory';

const moment = (ms: number): string => new Date(ms).toISOString();

/** A service as the capability shows it. */
export function shown({ address, state, sinceMs, lastSeenMs, blockedKeys, instances, reason }: KnownService) {
  return {
    address,
    state,
    since: moment(sinceMs),
    last_seen: lastSeenMs === undefined ? null : moment(lastSeenMs),
    blocked_keys: [...blockedKeys],
    instances: instances ?? null,
    reason: reason ?? null,
  };
}

/** What is known of what a service can do; null where that is nothing. */
export function describedBy({ schema, statuses = {}, toldAtMs }: KnownService) {
  return schema && toldAtMs !== undefined ? { schema, statuses, told_at: moment(toldAtMs) } : null;
}
