import type { TransportState } from '@intersect-sdk/transport';

/** A request, a message or an event that is about to leave this program. */
export interface Departure {
  /** `message` is a request whose answer goes to a callback, or to nobody. */
  readonly kind: 'request' | 'message' | 'event';
  readonly channel: string;
  /** Address of this program. */
  readonly source: string;
  /** Of the payload as far as it is in memory; 0 for one that is given piece by piece. */
  readonly bytes: number;
  readonly destination?: string | undefined;
  /** `<capability>.<function>`. */
  readonly operation?: string | undefined;
  readonly capability?: string | undefined;
  readonly event?: string | undefined;
  readonly requestId?: string | undefined;
  readonly campaignId?: string | undefined;
}

/** What an observer has to do with one departure. */
export interface Companion {
  /** Go along with the message, beside those that its sender gave, which win. Names of the protocol and of the SDK are left out. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called once: when the answer of a request is there, when a broker has taken anything else, or with what failed. */
  ended(error?: unknown): void;
}

/** How a connection to a broker is. */
export interface ConnectionState {
  /** The broker's transport, by name. */
  readonly broker: string;
  readonly state: TransportState['kind'];
  /** How it was before. */
  readonly before: TransportState['kind'];
}

/** What a handler of this program is called for. */
export interface Work {
  readonly kind: 'request' | 'event';
  readonly channel: string;
  /** Of the payload. */
  readonly bytes: number;
  /** As they stand on the wire. */
  readonly headers: Readonly<Record<string, string>>;
  /** Address of the sender. */
  readonly source: string;
  readonly messageId: string;
  /** `<capability>.<function>`. */
  readonly operation?: string | undefined;
  readonly capability?: string | undefined;
  readonly event?: string | undefined;
  readonly requestId?: string | undefined;
  readonly campaignId?: string | undefined;
}
