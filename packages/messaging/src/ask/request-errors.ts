import { RequestError } from '@intersect-sdk/core';
import type { RequestErrorDetails } from '@intersect-sdk/core/internal';
import type { CheckedRequest } from './parameters.js';

/** A request that ends without an answer. */
interface FailedRequest {
  readonly request: CheckedRequest;
  readonly requestId: string;
  /** Whether a broker may have it. */
  readonly handedOver: boolean;
}

export function detailsOf({
  requestId,
  handedOver,
  request: { destination, operation },
}: FailedRequest): RequestErrorDetails {
  return { requestId, destination, operation, mayHaveRun: handedOver };
}

export function abortedError(entry: FailedRequest, { reason }: AbortSignal): RequestError {
  const { destination, operation } = entry.request;
  const text = `The wait for ${operation} of ${destination} was aborted by the caller's signal.`;
  return new RequestError('REQUEST_ABORTED', text, { ...detailsOf(entry), cause: reason });
}

export function timeoutError(entry: FailedRequest & { readonly timeoutMs: number }): RequestError {
  const { destination, operation } = entry.request;
  const within = `within ${entry.timeoutMs} ms`;
  const text = entry.handedOver
    ? `No answer to ${operation} of ${destination} came ${within}. The service may be down or busy, and may still do the work.`
    : `No broker could be given the request for ${operation} of ${destination} ${within}, so it was not sent.`;
  return new RequestError('REQUEST_TIMEOUT', text, detailsOf(entry));
}
