import type { Logger } from '@intersect-sdk/core';
import type { Connection } from './connection.js';
import type { Credentials } from './credentials.js';
import type { DevBrokerLimits } from './options.js';
import type { RetainedMessages } from './retained.js';
import type { SessionStore } from './session-store.js';
import type { SubscriptionIndex } from './subscriptions.js';
import type { Traffic } from './traffic.js';

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
