import type { IntersectError, TransportError } from '@intersect-sdk/core';

/** The current state of a transport; each change is also an event. `closed` is final. */
export type TransportState =
  | { readonly kind: 'idle' | 'open' | 'draining' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | {
      readonly kind: 'reconnecting';
      readonly attempt: number;
      /** Until the next try, in ms. */
      readonly retryInMs: number;
      readonly error: TransportError;
    }
  | { readonly kind: 'closed'; readonly error?: TransportError | undefined };

/** What a transport reports. Nothing here needs an answer; everything here is worth a log line. */
export type TransportEvent =
  /** One for each change of state, not one for each retry. */
  | { readonly kind: 'state'; readonly state: TransportState }
  /** A handler threw; the message was acknowledged all the same. */
  | { readonly kind: 'handler-failed'; readonly channel: string; readonly error: unknown }
  /** A message came in that can't be handed to anyone, and why. */
  | { readonly kind: 'message-refused'; readonly channel: string; readonly error: IntersectError }
  /** The broker ended a subscription on its own, or can't make it for now; it is being made again where that can help. */
  | { readonly kind: 'subscription-lost'; readonly channel: string; readonly error: IntersectError }
  /** Something about the channel that works, and that whoever runs the program should know; says what to do. */
  | { readonly kind: 'notice'; readonly channel: string; readonly message: string }
  /** The broker asks to publish nothing for now (`blocked`), or no longer does. */
  | { readonly kind: 'flow'; readonly blocked: boolean; readonly reason?: string | undefined };
