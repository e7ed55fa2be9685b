import type { KnownDescription } from '@intersect-sdk/messaging';

/**
 * `up`: it was seen or answered. `blocked`: it is up and refuses some of its operations. `silent`: it should have been heard and was not, and
 * answers no ping: it is busy or gone. `down`: it said that it ends.
 */
export type ServiceState = 'up' | 'blocked' | 'silent' | 'down';

/** What is known of one service. Never changes: what is learned makes a new one. */
export interface KnownService {
  readonly address: string;
  readonly state: ServiceState;
  /** Since when it is in this state, in ms since 1970 by this machine's clock. */
  readonly sinceMs: number;
  /** When it last showed that it is there; undefined where it never did while this program watched. */
  readonly lastSeenMs: number | undefined;
  /** How it was found. */
  readonly foundBy: 'lifecycle' | 'management' | 'store';
  /** The schema document as it came; `readServiceSchema` of `@intersect-sdk/schema/document` reads it. */
  readonly schema: KnownDescription['schema'] | undefined;
  /** By the names of the capabilities; `null` where a status function failed or there is none. */
  readonly statuses: KnownDescription['statuses'];
  /** When it told these, in ms since 1970. */
  readonly toldAtMs: number | undefined;
  /** What it said to be blocked since it started, or since this program watches. */
  readonly blockedKeys: readonly string[];
  /** How many programs answer under this address, where RabbitMQ's management API tells. */
  readonly instances: number | undefined;
  /** How often it tells its status; undefined until that is known. */
  readonly intervalMs: number | undefined;
  /** What it gave as the reason of its end, where it is `down`. */
  readonly reason: string | undefined;
}

/** What is new. */
export type ServiceChangeKind =
  /** A service that was not known. */
  | 'appeared'
  /** It is in another state. */
  | 'state'
  /** Its schema document is another one. */
  | 'schema'
  /** It told its statuses. */
  | 'status'
  /** Other keys are blocked. */
  | 'keys'
  /** Another number of programs answers. */
  | 'instances'
  /** It is not among the services any more: there are more than `maxServices`, and it was the longest gone. */
  | 'forgotten';

export interface ServiceChange {
  readonly kind: ServiceChangeKind;
  readonly service: KnownService;
  /** As it was known before; undefined where it was not. */
  readonly before: KnownService | undefined;
}
