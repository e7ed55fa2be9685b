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

interface LateRequest extends FailedRequest {
  readonly timeoutMs: number;
  /** What the broker said last that could not take it, where none has taken it since. */
  readonly refusal: Error | undefined;
}

export function timeoutError(entry: LateRequest): RequestError {
  const { destination, operation } = entry.request;
  const within = `within ${entry.timeoutMs} ms`;
  if (entry.refusal) {
    const text = [
      `The request for ${operation} of ${destination} was sent again and again,`,
      `and no broker could take it ${within}. ${entry.refusal.message}`,
    ].join(' ');
    return new RequestError('REQUEST_TIMEOUT', text, { ...detailsOf(entry), cause: entry.refusal });
  }
  const text = entry.handedOver
    ? `No answer to ${operation} of ${destination} came ${within}. The service may be down or busy, and may still do the work.`
    : `No broker could be given the request for ${operation} of ${destination} ${within}, so it was not sent.`;
  return new RequestError('REQUEST_TIMEOUT', text, detailsOf(entry));
}
