import type { UserspaceHeaders, WireMessage } from '@intersect-sdk/core';
import type { DataPointer, FurtherHeaders } from '@intersect-sdk/core/internal';
import type { Work } from '@intersect-sdk/messaging';
import type { LiveRequest } from '../parts/live-request.js';
import type { Arrival } from './arrival.js';

/** What observers are told of the handler that is called for a request. */
export function workOf({ headers, payload, raw }: OperationRequest, channel: string): Work {
  const { source, messageId, requestId, campaignId, operationId: operation } = headers;
  const bytes = payload.byteLength;
  return {
    kind: 'request',
    channel,
    bytes,
    headers: raw,
    source,
    messageId,
    requestId,
    campaignId,
    operation,
  };
}

/** A request for an operation, and what becomes of it while it is handled. */
export interface OperationRequest {
  readonly headers: UserspaceHeaders;
  readonly payload: Uint8Array;
  /** All headers as they came. */
  readonly raw: WireMessage['headers'];
  readonly arrival: Arrival;
  /** Where its asker understands more than one answer. */
  live: LiveRequest | undefined;
  /** What the handler adds to its answer. */
  answerHeaders: FurtherHeaders | undefined;
  /** Where its argument lies, once that was read: it can be deleted when the request is answered. */
  argument: DataPointer | undefined;
  /** Lets go of an argument that is a stream and was not read to its end. */
  closeArgument: (() => void) | undefined;
}
