import type { WireMessage } from '@intersect-sdk/core';
import type { Companion, ConnectionState, Departure, Work } from './companion.js';
import type { Report } from './report.js';

/** What happened to a message. */
export type ObservationKind =
  /** A broker took it, or did not. */
  | 'sent'
  /** It came in. */
  | 'received'
  /** A request of this program ended: with its answer, an error, or without any. */
  | 'answered'
  /** A request to this service was turned into an answer or refused; its answer is about to be sent. */
  | 'handled'
  /** It came in and breaks the protocol, or no one waits for it. */
  | 'refused'
  /** It will be sent again. */
  | 'retried';

/** One thing that happened to one message. */
export interface Observation {
  readonly kind: ObservationKind;
  readonly channel: string;
  /** The broker's transport, by name; absent where the message went to whichever of several took it. */
  readonly broker?: string | undefined;
  readonly contentType: string;
  /** Of the payload. */
  readonly bytes: number;
  /** As they stand on the wire. */
  readonly headers: Readonly<Record<string, string>>;
  readonly messageId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  /** `<capability>.<function>`. */
  readonly operation?: string | undefined;
  readonly capability?: string | undefined;
  readonly event?: string | undefined;
  /** When it was over, in ms since 1970 by this machine's clock. */
  readonly atMs: number;
  /** How long it took, where it has a beginning and an end. */
  readonly durationMs?: number | undefined;
  /** `ok`, the code of an error, or the reason of a refusal. */
  readonly outcome: string;
  readonly error?: Error | undefined;
  /** Which try this was, or will be with `retried`: 1 for the first. */
  readonly attempt?: number | undefined;
  /** Only for an observer with `payloads`; a copy of its own. */
  readonly payload?: Uint8Array | undefined;
}

/**
 * Sees the traffic of a client or service, and its reports. What it throws is logged and ignored; it is called in the
 * middle of the work, so whatever takes long belongs elsewhere.
 */
export interface Observer {
  /**
   * Be given the payload of each message.
   * @default false
   */
  readonly payloads?: boolean | undefined;
  onMessage?(observation: Observation): void;
  onReport?(report: Report): void;
  /** Called whenever a connection to a broker is made, lost or ended. */
  onConnection?(connection: ConnectionState): void;
  /** Called before a request, a message or an event becomes one on the wire. What it gives goes along, and is told of the end. */
  onDeparture?(departure: Departure): Companion | undefined;
  /** Calls `run`, which calls a handler of this program, once and at once, and gives back what it gives: a promise, where the handler takes time. */
  aroundWork?<T>(work: Work, run: () => T): T;
}

/** What is known where something is observed; the rest follows from the message. */
export interface Observed {
  readonly kind: ObservationKind;
  readonly message: WireMessage;
  readonly broker?: string | undefined;
  /** On the clock of `performance.now()`. */
  readonly sinceMs?: number | undefined;
  /** @default 'ok', or what the error says */
  readonly outcome?: string | undefined;
  readonly error?: unknown;
  readonly attempt?: number | undefined;
}
