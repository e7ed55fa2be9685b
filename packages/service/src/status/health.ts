import type { ParticipantState } from '@intersect-sdk/messaging';
import type { TransportState } from '@intersect-sdk/transport';
import type { RequestCounts } from '../serve/answer/endings.js';

/** How a service is doing at one moment. */
export interface ServiceHealth {
  readonly state: ParticipantState;
  readonly brokers: readonly { readonly name: string; readonly state: TransportState }[];
  readonly requests: RequestCounts & {
    /** Taken and not yet turned into an answer. */
    readonly inFlight: number;
    /** Handlers that run now, those that wait for another service not counted. */
    readonly running: number;
  };
  /** Requests to other services that wait for their answer. */
  readonly pendingCalls: number;
  /** Capabilities whose status function failed when it was read last. */
  readonly failingStatuses: readonly string[];
  readonly blockedKeys: readonly string[];
}
