import type { WireMessage } from '@intersect-sdk/core';

/** What a message is, told by where it was sent. */
export type WatchedKind = 'request' | 'answer' | 'event' | 'lifecycle';

/** A message that passed by. Nobody has checked it: headers and payload are those that its sender chose. */
export interface WatchedMessage {
  readonly kind: WatchedKind;
  /** Of a request and an answer the one that it was sent to; of the others the service that it is from. */
  readonly address: string;
  readonly message: WireMessage;
  /** The broker that it passed by, as in reports. */
  readonly broker: string;
  /** In ms since 1970 by this machine's clock. */
  readonly receivedAtMs: number;
}
