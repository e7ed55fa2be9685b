import {
  encodeUserspaceHeaders,
  IllegalStateError,
  isIntersectError,
  MessageError,
  newId,
  nowIso,
  onAbort,
  PROTOCOL_VERSION,
  parseUserspaceHeaders,
  RequestError,
  requestChannel,
  responseChannel,
  TransportError,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import type { Retention } from '@intersect-sdk/transport';
import type { BrokerGroup, GroupDelivery, GroupSubscription } from './broker-group.js';
import { MAX_PAYLOAD_BYTES, MAX_PENDING_REQUESTS } from './intake-limits.js';
import type { CheckedRequest, RequestOptions } from './parameters.js';
import type { Reporter } from './report.js';
import { asError } from './report.js';
import { type Response, readResponse } from './responses.js';

export const REQUEST_TIMEOUT_MS = 300_000;

/** One for all: making an error for each would cost more than the rest of the request. */
const NOT_WANTED = new Error('The answer is no longer wanted.');

/** How many answers may be decoded at once; the order of answers has no meaning. */
const RESPONSE_CONCURRENCY = 100;

export interface RequesterOptions {
  readonly brokers: BrokerGroup;
  /** The asker's own address. */
  readonly source: string;
  readonly campaignId: string;
  readonly report: Reporter;
  /** A larger answer ends its request with PAYLOAD_INVALID. @default 16777216 */
  readonly maxPayloadBytes?: number | undefined;
  /** How many requests may wait for their answers; one more rejects with PENDING_FULL. @default 20000 */
  readonly maxPendingRequests?: number | undefined;
}

interface PendingRequest {
  readonly request: CheckedRequest;
  readonly requestId: string;
  readonly sentAtMs: number;
  /** A broker has the request: it said so, or an answer is there already. */
  accepted(): void;
  resolve(response: Response): void;
  reject(error: unknown): void;
}

/**
 * Asks services and matches their answers by `request_id`. Each request ends exactly once: with an answer
 * or with an error (protocol section 3).
 */
export class Requester {
  readonly #options: RequesterOptions;
  readonly #pending = new Map<string, PendingRequest>();
  #subscription: GroupSubscription | undefined;
  #onIdle: (() => void)[] = [];

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  /** How many requests wait for their answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Listens for answers; resolves when the brokers confirmed. `retention`: how long answers are kept while this program is away. */
  async start(retention: Retention): Promise<void> {
    const { brokers, source } = this.#options;
    this.#subscription = await brokers.subscribe(
      responseChannel(source),
      (message, delivery) => this.#onResponse(message, delivery),
      { retention, concurrency: RESPONSE_CONCURRENCY },
    );
  }

  /** Resolves with the answer. Throws RequestError, MessageError, TransportError or IllegalStateError. */
  request(request: CheckedRequest, options: RequestOptions = {}): Promise<Response> {
    const { timeoutMs = REQUEST_TIMEOUT_MS, signal } = options;
    const { requestId = newId() } = request;
    const details = { requestId, destination: request.destination, operation: request.operation };
    if (!this.#subscription) {
      return Promise.reject(new IllegalStateError('NOT_CONNECTED', 'Not started: await startup() first.'));
    }
    if (signal?.aborted) {
      return Promise.reject(
        new RequestError('REQUEST_ABORTED', abortText(request), { ...details, cause: signal.reason }),
      );
    }
    const { maxPendingRequests = MAX_PENDING_REQUESTS } = this.#options;
    if (this.#pending.size >= maxPendingRequests) {
      const text = `${this.#pending.size} requests already wait for their answers, so ${request.operation} of ${request.destination} was not sent. Ask more slowly, or raise maxPendingRequests.`;
      return Promise.reject(new TransportError('PENDING_FULL', text));
    }
    return new Promise<Response>((resolve, reject) => {
      const publishing = new AbortController();
      let publishSettled = false;
      let onAccepted = options.onAccepted;
      const end = (): void => {
        clearTimeout(timer);
        stopWaiting();
        this.#pending.delete(requestId);
        // Nobody waits for the answer any more, so nothing is sent (again) after a lost connection.
        if (!publishSettled) publishing.abort(NOT_WANTED);
        if (this.#pending.size === 0) for (const told of this.#onIdle.splice(0)) told();
      };
      const entry: PendingRequest = {
        request,
        requestId,
        sentAtMs: Date.now(),
        accepted: () => {
          const told = onAccepted;
          onAccepted = undefined;
          try {
            told?.();
          } catch (error) {
            this.#options.report({ kind: 'handler-failed', error: asError(error) });
          }
        },
        resolve: (response) => {
          end();
          resolve(response);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      const timer = setTimeout(
        () => entry.reject(new RequestError('REQUEST_TIMEOUT', timeoutText(request, timeoutMs), details)),
        timeoutMs,
      );
      const stopWaiting = onAbort(signal, () =>
        entry.reject(
          new RequestError('REQUEST_ABORTED', abortText(request), { ...details, cause: signal?.reason }),
        ),
      );
      // Registered before it is published: the answer can be faster than the confirmation.
      this.#pending.set(requestId, entry);
      this.#options.brokers
        .publishToOne(this.#messageOf(request, requestId), {
          durable: true,
          mustRoute: true,
          timeoutMs,
          signal: publishing.signal,
        })
        .then(
          () => {
            publishSettled = true;
            entry.accepted();
          },
          (error: unknown) => {
            publishSettled = true;
            // An answer, the timeout or the signal may have ended it already.
            if (this.#pending.get(requestId) === entry) entry.reject(error);
          },
        );
    });
  }

  /** Sends a request whose answer nobody waits for; resolves when a broker has it. */
  tell(request: CheckedRequest, options: RequestOptions = {}): Promise<void> {
    const { timeoutMs = REQUEST_TIMEOUT_MS, signal } = options;
    return this.#options.brokers.publishToOne(this.#messageOf(request, newId()), {
      durable: true,
      mustRoute: true,
      timeoutMs,
      signal,
    });
  }

  /** Resolves when no request waits for its answer. */
  idle(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Ends every wait with REQUEST_ABORTED and the reason. */
  abortAll(reason: string, cause?: Error): void {
    for (const { request, requestId, reject } of [...this.#pending.values()]) {
      const { destination, operation } = request;
      reject(
        new RequestError('REQUEST_ABORTED', `${operation} at ${destination}: ${reason}`, {
          requestId,
          destination,
          operation,
          cause,
        }),
      );
    }
  }

  #messageOf(request: CheckedRequest, requestId: string): WireMessage {
    const { source, campaignId } = this.#options;
    return {
      channel: requestChannel(request.destination),
      payload: request.payload,
      contentType: request.contentType,
      headers: encodeUserspaceHeaders({
        messageId: newId(),
        campaignId,
        requestId,
        source,
        destination: request.destination,
        createdAt: nowIso(),
        sdkVersion: PROTOCOL_VERSION,
        operationId: request.operation,
        dataHandler: request.dataHandler,
        hasError: false,
      }),
    };
  }

  #onResponse(message: WireMessage, { broker }: GroupDelivery): void {
    const refuse = (
      error: unknown,
      kind: 'message-refused' | 'response-refused' = 'response-refused',
    ): void =>
      this.#options.report({ kind, channel: message.channel, broker: broker.name, error: asError(error) });
    let headers: UserspaceHeaders;
    try {
      headers = parseUserspaceHeaders(message.headers);
    } catch (error) {
      refuse(error, 'message-refused');
      return;
    }
    const entry = this.#pending.get(headers.requestId);
    const problem = this.#mismatch(headers, entry);
    if (problem || !entry) {
      refuse(new MessageError('RESPONSE_UNEXPECTED', problem ?? 'Nobody waits for it.'));
      return;
    }
    entry.accepted();
    try {
      const { maxPayloadBytes = MAX_PAYLOAD_BYTES } = this.#options;
      entry.resolve(readResponse(message, headers, { sentAtMs: entry.sentAtMs, maxPayloadBytes }));
    } catch (error) {
      // An error answer is an answer; anything else is also worth telling to whoever watches the traffic.
      if (!isIntersectError(error) || error.code !== 'REMOTE_ERROR') refuse(error, 'message-refused');
      entry.reject(error);
    }
  }

  #mismatch(headers: UserspaceHeaders, entry: PendingRequest | undefined): string | undefined {
    const what = `A response from ${headers.source} to ${headers.operationId} (request ${headers.requestId})`;
    if (headers.destination !== this.#options.source)
      return `${what} is for someone else: ${headers.destination}.`;
    if (!entry) return `${what} is not waited for: it is late, came twice, or was never asked for.`;
    const { destination, operation } = entry.request;
    if (headers.source !== destination || headers.operationId !== operation) {
      return `${what} does not answer what was asked: ${operation} of ${destination}.`;
    }
    return undefined;
  }
}

function abortText({ operation, destination }: CheckedRequest): string {
  return `The wait for ${operation} of ${destination} was aborted by the caller's signal.`;
}

function timeoutText({ operation, destination }: CheckedRequest, timeoutMs: number): string {
  return `No answer to ${operation} of ${destination} came within ${timeoutMs} ms. The service may be down or busy, and may still do the work.`;
}
