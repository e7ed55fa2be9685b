import type { Logger } from '@intersect-sdk/core';
import type { Connection } from './connection.js';
import { Credentials } from './credentials.js';
import type { DevBrokerLimits, ResolvedDevBrokerOptions } from './options.js';
import { RetainedMessages } from './retained.js';
import { reroute, route } from './router.js';
import { SessionStore } from './session-store.js';
import { SubscriptionIndex } from './subscriptions.js';
import { Traffic } from './traffic.js';

/** What all connections of one broker share. */
export interface BrokerState {
  readonly limits: DevBrokerLimits;
  readonly logger: Logger;
  readonly credentials: Credentials;
  /** Those whose CONNECT was accepted. */
  readonly connections: Set<Connection>;
  readonly sessions: SessionStore;
  readonly subscriptions: SubscriptionIndex;
  readonly retained: RetainedMessages;
  readonly traffic: Traffic;
}

export function createBrokerState({
  limits,
  logger,
  username,
  password,
}: ResolvedDevBrokerOptions): BrokerState {
  const broker: BrokerState = {
    limits,
    logger,
    credentials: new Credentials(username, password),
    connections: new Set(),
    subscriptions: new SubscriptionIndex(),
    retained: new RetainedMessages(limits.retainedMessages),
    traffic: new Traffic(logger),
    sessions: new SessionStore(limits, {
      onEnd: (session) => {
        broker.subscriptions.removeAll(session);
        reroute(session.end());
      },
      onWill: (message, session) => route(broker, message, session),
    }),
  };
  return broker;
}
