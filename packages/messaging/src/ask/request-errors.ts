import { RequestError, type UserspaceHeaders } from '@intersect-sdk/core';
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
  /** What travels by reference. */
  readonly data: { readonly reading: boolean; readonly failure: Error | undefined } | undefined;
}

export function timeoutError(entry: LateRequest): RequestError {
  const { destination, operation } = entry.request;
  const within = `within ${entry.timeoutMs} ms`;
  const { reading, failure } = entry.data ?? {};
  const details = detailsOf(entry);
  const because = failure ? ` ${failure.message}` : '';
  if (reading) {
    const text = `The answer to ${operation} of ${destination} came, but its data could not be read from the data store ${within}; they are still there.${because}`;
    return new RequestError('REQUEST_TIMEOUT', text, { ...details, cause: failure });
  }
  if (failure && !entry.handedOver) {
    const text = `The argument of ${operation} for ${destination} could not be put into the data store ${within}, so the request was not sent.${because}`;
    return new RequestError('REQUEST_TIMEOUT', text, { ...details, cause: failure });
  }
  if (entry.refusal) {
    const text = [
      `The request for ${operation} of ${destination} was sent again and again,`,
      `and no broker could take it ${within}. ${entry.refusal.message}`,
    ].join(' ');
    return new RequestError('REQUEST_TIMEOUT', text, { ...details, cause: entry.refusal });
  }
  const text = entry.handedOver
    ? `No answer to ${operation} of ${destination} came ${within}. The service may be down or busy, and may still do the work.`
    : `No broker could be given the request for ${operation} of ${destination} ${within}, so it was not sent.`;
  return new RequestError('REQUEST_TIMEOUT', text, details);
}

/** The service had the request and then said nothing more. */
export function silentError(
  entry: FailedRequest & { readonly parts: Streamed | undefined },
  idleMs: number,
): RequestError {
  const { destination, operation } = entry.request;
  const items = entry.parts?.held && entry.parts.items;
  const text = items
    ? `${destination} has answered ${operation}, but its items from number ${items.next} on did not come within ${idleMs} ms.`
    : [
        `${destination} had the request for ${operation} and then gave no sign of life for ${idleMs} ms:`,
        'it has ended, or cannot reach the broker. The work may still be running, so look before you ask again.',
      ].join(' ');
  return new RequestError('REQUEST_SILENT', text, detailsOf(entry));
}

/** The service ended in the middle of a stream, and another process has begun it from its first item. */
export function begunAnewError(entry: FailedRequest, itemsBefore: number): RequestError {
  const { destination, operation } = entry.request;
  const text = [
    `${destination} ended or lost its connection after ${itemsBefore} items of ${operation}, and the work has begun anew.`,
    'Its items could be others, so the stream was ended, and the new work cancelled. An operation that is idempotent goes on.',
  ].join(' ');
  return new RequestError('REQUEST_SILENT', text, detailsOf(entry));
}

/** A stream whose answer is here, but not all of its items. */
interface Streamed {
  readonly held: object | undefined;
  readonly items: { readonly next: number } | undefined;
}

/** The request that an answer names. */
interface Awaited {
  readonly request: CheckedRequest;
  readonly data: { readonly reading: boolean } | undefined;
}

/** Why an answer that came to the address `source` is not taken; undefined if it is the one that is waited for. */
export function answerMismatch(
  headers: UserspaceHeaders,
  source: string,
  awaited: Awaited | undefined,
): string | undefined {
  const asked = awaited?.request;
  // The data of an earlier answer are being read.
  const reading = awaited?.data?.reading === true;
  const isMine = headers.destination === source;
  const isAsked = headers.source === asked?.destination && headers.operationId === asked.operation;
  if (isMine && isAsked && !reading) return undefined;
  const what = `A response from ${headers.source} to ${headers.operationId} (request ${headers.requestId})`;
  if (!isMine) return `${what} is for someone else: ${headers.destination}.`;
  if (!asked) return `${what} is not waited for: it is late, came twice, or was never asked for.`;
  if (isAsked) return `${what} came a second time, while the data of the first are being read.`;
  return `${what} does not answer what was asked: ${asked.operation} of ${asked.destination}.`;
}
