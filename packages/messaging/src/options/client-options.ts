import {
  custom,
  directMessageRow,
  flag,
  list,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  retryRow,
  text,
} from '@intersect-sdk/core/internal';
import { eventParamsRow } from '../ask/parameters.js';
import type { ParticipantOptions } from './participant-options.js';

/** The steps of a conversation. */
export const CLIENT_CALLBACK_OPTIONS = {
  /**
   * Requests to send.
   * @default []
   */
  messagesToSend: list(directMessageRow(), { default: [] }),
  /**
   * Events to listen to from now on.
   * @default []
   */
  servicesToStartListeningForEvents: list(eventParamsRow(), { default: [] }),
  /**
   * Events to listen to no more.
   * @default []
   */
  servicesToStopListeningForEvents: list(eventParamsRow(), { default: [] }),
} satisfies OptionTable;

/** What a client does next. It first starts listening, then stops listening, then sends. */
export interface IntersectClientCallback extends Named, OptionsOf<typeof CLIENT_CALLBACK_OPTIONS> {}

/** What only clients have. Not of this file alone: `config` reads the names in files by it. */
export const CLIENT_OPTIONS = {
  /**
   * What to send and to listen to at startup: `messagesToSend`, `servicesToStartListeningForEvents`,
   * `servicesToStopListeningForEvents`.
   * @default nothing
   */
  initialMessageEventConfig: custom<IntersectClientCallback, unknown>({
    fields: CLIENT_CALLBACK_OPTIONS,
    read: ({ value }) => value,
  }),
  /**
   * Send the initial messages again when `startup()` is called after a `shutdown()`.
   * @default false
   */
  resendInitialMessagesOnSecondaryStartup: flag({ default: false }),
  /**
   * Be finished as soon as a broker has the initial messages, without waiting for answers.
   * @default false
   */
  terminateAfterInitialMessages: flag({ default: false }),
  /**
   * The organization in the client's own address, of which the last part is new for each client.
   * @default 'tmp-'
   */
  organization: text({ default: 'tmp-' }),
  /**
   * The facility in the client's own address.
   * @default 'tmp-'
   */
  facility: text({ default: 'tmp-' }),
  /**
   * The system in the client's own address.
   * @default 'tmp-'
   */
  system: text({ default: 'tmp-' }),
  /**
   * How a request that failed is repeated, unless it says otherwise itself. So are messages that callbacks and `initialMessageEventConfig`
   * send: the callback is told of the outcome of the last try, and `startup()` waits for the first one alone.
   * @default not at all
   */
  retry: retryRow(),
  /**
   * How long brokers keep answers and events for this client while it is not connected, in ms.
   * @default 300000
   */
  keepSessionMs: ms({ default: 300_000 }),
} satisfies OptionTable;

/** How a client is set up. All but `brokers` may be left out. */
export interface IntersectClientConfig extends ParticipantOptions, OptionsOf<typeof CLIENT_OPTIONS> {}
