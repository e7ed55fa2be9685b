import type { Contract } from '@intersect-sdk/contract/plain';
import type { ItemStream, Wire } from '@intersect-sdk/core/internal';
import type { Asker, CheckedCall } from '../ask/asker.js';
import type { EventParams } from '../ask/parameters.js';
import type { EventStream } from '../events/event-stream.js';
import type { ResolvedEventsOptions } from '../events/events-options.js';
import type { Observers } from '../observe/observers.js';
import type { CheckMode } from './check-mode.js';
import type { ToldStatuses, WaitingOptions } from './told-statuses.js';
import type { UncheckedPatterns } from './unchecked-patterns.js';

/** What the doors of one client or service share. */
export interface DoorEnvironment {
  readonly wire: Wire;
  readonly asker: Pick<Asker, 'send' | 'sendForBytes'> & {
    sendForItems(call: CheckedCall): ItemStream<unknown>;
  };
  /** Whether the program has a data store. */
  readonly canStore: boolean;
  readonly observers: Observers;
  readonly unchecked: UncheckedPatterns;
  /** For calls that don't say themselves what is checked. */
  readonly check: CheckMode;
  /** How long a told status is waited for where the call doesn't say, in ms. */
  readonly timeoutMs: number;
  /** Throws NOT_CONNECTED where nothing runs. */
  readonly openEvents: (params: EventParams, options: ResolvedEventsOptions) => EventStream;
  /** Throws NOT_CONNECTED where nothing runs. */
  readonly lastStatuses: (address: string, options: WaitingOptions) => Promise<ToldStatuses>;
}

/** One capability of one service, and what it is reached with. */
export interface DoorPlace extends DoorEnvironment {
  readonly contract: Contract;
  /** Of the capability. */
  readonly name: string;
  readonly address: string;
}
