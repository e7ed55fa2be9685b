import type { WireMessage } from '@intersect-sdk/core';
import type { RequestOptions, Response, StreamedResponse } from '@intersect-sdk/core/internal';
import type { Companion } from '../observe/companion.js';
import type { CheckedRequest } from './parameters.js';
import type { RequestParts } from './parts/request-parts.js';
import type { RequestData } from './request-data.js';

/** What the sender of a request may also be told. */
export interface SendOptions extends RequestOptions {
  /** It is answered at once or not at all: it takes no parts, and is not cancelled. @default false */
  readonly isQuick?: boolean | undefined;
  /** A service may say that it is busy; the request is then sent again. @default false */
  readonly acceptsBusy?: boolean | undefined;
  /** Called with the message of a request that failed. */
  readonly onFailed?: ((message: WireMessage) => void) | undefined;
}

/** A request whose answer has not come. */
export interface PendingRequest {
  readonly request: CheckedRequest;
  /** As it was sent; gone as soon as a broker has it, unless somebody is still to be told of it: thousands may wait. */
  message: WireMessage | undefined;
  readonly requestId: string;
  readonly timeoutMs: number;
  readonly sentAtMs: number;
  /** When it was made and when its time is over, on the clock of `performance.now()`. */
  readonly beganAtMs: number;
  dueAtMs: number;
  /** Whether a broker may have the request. */
  handedOver: boolean;
  /** What the broker said last that could not take it, until one has. */
  refusal: Error | undefined;
  /** To be told when a broker has the request; once, so it is gone then. */
  onAccepted: RequestOptions['onAccepted'];
  /** Stops listening to the caller's signal. */
  stopListening: (() => void) | undefined;
  readonly onFailed: ((message: WireMessage) => void) | undefined;
  /** Whoever sees departures is to be told of the end. */
  readonly companion: Companion | undefined;
  readonly keepData: boolean | undefined;
  /** What travels by reference; undefined where nothing does. */
  data: RequestData | undefined;
  /** What it takes besides one answer; undefined where that is all. */
  readonly parts: RequestParts | undefined;
  readonly resolve: (response: Response | StreamedResponse) => void;
  readonly reject: (error: unknown) => void;
}
