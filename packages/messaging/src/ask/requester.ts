import {
  IllegalStateError,
  isIntersectError,
  MessageError,
  newId,
  nowIso,
  RequestError,
  TransportError,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  DeadlineTimer,
  onAbort,
  type RequestOptions,
  type Response,
  TransientMap,
  type Wire,
  WorkCount,
} from '@intersect-sdk/core/internal';
import type { Retention } from '@intersect-sdk/transport';
import type { BrokerGroup, GroupDelivery, GroupSubscription } from '../brokers/broker-group.js';
import { LostDigits } from '../observe/lost-digits.js';
import type { Observers } from '../observe/observers.js';
import { MAX_PAYLOAD_BYTES, MAX_PENDING_REQUESTS } from './intake-limits.js';
import type { CheckedRequest } from './parameters.js';
import { abortedError, detailsOf, timeoutError } from './request-errors.js';
import { readResponse } from './responses.js';

const REQUEST_TIMEOUT_MS = 300_000;

/** How many answers may be decoded at once. Their order does not matter. */
const RESPONSE_CONCURRENCY = 100;

/** How a publish ends whose time is over. */
const LATE: ReadonlySet<string> = new Set(['PUBLISH_TIMEOUT', 'BROKER_BUSY']);

export interface RequesterOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  /** The asker's own address. */
  readonly source: string;
  readonly campaignId: string;
  readonly observers: Observers;
  /** A larger answer ends its request with PAYLOAD_INVALID. @default 16777216 */
  readonly maxPayloadBytes?: number | undefined;
  /** How many requests may wait for their answers; one more rejects with PENDING_FULL. @default 20000 */
  readonly maxPendingRequests?: number | undefined;
}

/** What the sender of a request may also be told. */
export interface SendOptions extends RequestOptions {
  /** Called with the message of a request that failed. */
  readonly onFailed?: ((message: WireMessage) => void) | undefined;
}

interface PendingRequest {
  readonly request: CheckedRequest;
  readonly message: WireMessage;
  readonly requestId: string;
  readonly timeoutMs: number;
  readonly sentAtMs: number;
  readonly dueAtMs: number;
  /** Whether a broker may have the request. */
  handedOver: boolean;
  /** Called once a broker has accepted the request, and cleared by that. */
  /** What the broker said last that could not take it, until one has. */
  refusal: Error | undefined;
  /** To be told when a broker has the request; once, so it is gone then. */
  onAccepted: (() => void) | undefined;
  /** Stops listening to the caller's signal. */
  stopListening: (() => void) | undefined;
  readonly onFailed: ((message: WireMessage) => void) | undefined;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks services and matches their answers by `request_id`. Each request ends exactly once: with an answer
 * or with an error (protocol section 3).
 */
export class Requester {
  readonly #options: RequesterOptions;
  readonly #pending = new TransientMap<string, PendingRequest>();
  readonly #deadlines = new DeadlineTimer<PendingRequest>(
    () => this.#pending.values(),
    (entry) => this.#reject(entry, timeoutError(entry)),
  );
  #subscription: GroupSubscription | undefined;
  readonly #work = new WorkCount();
  readonly #ended = new AbortController();
  readonly #lostDigits: LostDigits;

  constructor(options: RequesterOptions) {
    this.#options = options;
    // From then on no pending request can get its answer.
    this.#lostDigits = new LostDigits(options.observers);
    // Nothing that waits will ever get its answer then.
    void options.brokers.failed.then((error) =>
      this.abortAll(`the connection has ended for good: ${error.message}`, error),
    );
  }

  /** How many requests wait for their answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Listens for answers; resolves when the brokers confirmed. `retention`: how long answers are kept while this program is away. */
  async start(retention: Retention): Promise<void> {
    const { wire, brokers, source } = this.#options;
    this.#subscription = await brokers.subscribe(
      wire.responseChannel(source),
      (message, delivery) => this.#onResponse(message, delivery),
      { retention, concurrency: RESPONSE_CONCURRENCY },
    );
  }

  /** Resolves with the answer. Throws RequestError, MessageError, TransportError or IllegalStateError. */
  request(request: CheckedRequest, options: SendOptions = {}): Promise<Response> {
    const problem = this.#problem(request, options);
    if (problem) return Promise.reject(problem);
    const { timeoutMs = REQUEST_TIMEOUT_MS, signal, onAccepted, onFailed } = options;
    const { requestId = newId() } = request;
    return new Promise<Response>((resolve, reject) => {
      const entry: PendingRequest = {
        request,
        message: this.#messageOf(request, requestId, options.headers),
        requestId,
        timeoutMs,
        sentAtMs: Date.now(),
        dueAtMs: performance.now() + timeoutMs,
        handedOver: false,
        refusal: undefined,
        onAccepted,
        onFailed,
        stopListening: undefined,
        resolve,
        reject,
      };
      if (signal) {
        entry.stopListening = onAbort(signal, () => this.#reject(entry, abortedError(entry, signal)));
      }
      // Registered before it is published: the answer can be faster than the confirmation.
      this.#pending.set(requestId, entry);
      this.#work.enter();
      this.#deadlines.watch(entry);
      this.#publish(entry, options);
    });
  }

  /** Sends a request without waiting for its answer; resolves when a broker has accepted it. */
  async tell(request: CheckedRequest, options: SendOptions = {}): Promise<void> {
    const { timeoutMs = REQUEST_TIMEOUT_MS, signal, headers, onFailed } = options;
    const message = this.#messageOf(request, newId(), headers);
    const taken = { durable: true, mustRoute: true, timeoutMs, signal };
    try {
      await this.#options.brokers.publishToOne(message, taken);
    } catch (error) {
      onFailed?.(message);
      throw error;
    }
  }

  /** Resolves when no request waits for its answer. */
  idle(): Promise<void> {
    return this.#work.idle();
  }

  /** Aborts when this requester ends, so that nothing is asked again. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Ends every wait with REQUEST_ABORTED and the reason. */
  abortAll(reason: string, cause?: Error): void {
    this.#ended.abort();
    for (const entry of this.#pending.values()) {
      const { operation, destination } = entry.request;
      const text = `${operation} at ${destination}: ${reason}`;
      this.#reject(entry, new RequestError('REQUEST_ABORTED', text, { ...detailsOf(entry), cause }));
    }
  }

  /** Why this request must not be sent; undefined when it may. */
  #problem(request: CheckedRequest, { signal }: RequestOptions): Error | undefined {
    if (!this.#subscription) {
      return new IllegalStateError('NOT_CONNECTED', 'Not started: await startup() first.');
    }
    if (signal?.aborted) {
      const { requestId = newId() } = request;
      return abortedError({ request, requestId, handedOver: false }, signal);
    }
    const { maxPendingRequests = MAX_PENDING_REQUESTS } = this.#options;
    if (this.#pending.size < maxPendingRequests) return undefined;
    const text = [
      `${this.#pending.size} requests already wait for their answers,`,
      `so ${request.operation} of ${request.destination} was not sent.`,
      'Ask more slowly, or raise maxPendingRequests.',
    ].join(' ');
    return new TransportError('PENDING_FULL', text);
  }

  #publish(entry: PendingRequest, { signal }: RequestOptions): void {
    const { message, requestId, timeoutMs } = entry;
    const waits = (): boolean => this.#pending.get(requestId) === entry;
    this.#options.brokers
      .publishToOne(message, {
        durable: true,
        mustRoute: true,
        timeoutMs,
        signal,
        // A request that has ended is not sent again after a lost connection.
        stillWanted: waits,
        onHandedOver: () => {
          entry.handedOver = true;
        },
        onBusy: (error, attempt) => {
          entry.refusal = error;
          const { observers } = this.#options;
          if (observers.watching) observers.observe({ kind: 'retried', message, error, attempt });
        },
      })
      .then(
        () => this.#accepted(entry),
        (error: unknown) => {
          // Both times are the same, and which of the two ends first is chance.
          const late = isIntersectError(error) && LATE.has(error.code);
          this.#reject(entry, late ? timeoutError(entry) : error);
        },
      );
  }

  /** A broker has the request: it said so, or an answer is there already. */
  #accepted(entry: PendingRequest): void {
    entry.refusal = undefined;
    const { onAccepted } = entry;
    if (!onAccepted) return;
    entry.onAccepted = undefined;
    try {
      onAccepted();
    } catch (error) {
      const { destination, operation } = entry.request;
      this.#options.observers.report({ kind: 'handler-failed', destination, operation, error });
    }
  }

  #reject(entry: PendingRequest, error: unknown): void {
    if (!this.#end(entry)) return;
    this.#observeEnd(entry, entry.message, error);
    entry.onFailed?.(entry.message);
    entry.reject(error);
  }

  /** `message` is the answer where there is one, else the request. */
  #observeEnd(entry: PendingRequest, message: WireMessage, error?: unknown): void {
    const { observers } = this.#options;
    if (!observers.watching) return;
    observers.observe({ kind: 'answered', message, sinceMs: entry.dueAtMs - entry.timeoutMs, error });
  }

  /** Returns whether the request was still pending, so that each ends once. */
  #end(entry: PendingRequest): boolean {
    if (this.#pending.get(entry.requestId) !== entry) return false;
    this.#pending.delete(entry.requestId);
    entry.stopListening?.();
    if (this.#pending.size === 0) this.#deadlines.stop();
    this.#work.leave();
    return true;
  }

  #messageOf(request: CheckedRequest, requestId: string, further: RequestOptions['headers']): WireMessage {
    const { wire, source, campaignId } = this.#options;
    return {
      channel: wire.requestChannel(request.destination),
      payload: request.payload,
      contentType: request.contentType,
      headers: wire.encodeUserspaceHeaders(
        {
          messageId: newId(),
          campaignId,
          requestId,
          source,
          destination: request.destination,
          createdAt: nowIso(),
          sdkVersion: wire.version,
          operationId: request.operation,
          dataHandler: request.dataHandler,
          state: 'complete',
        },
        further,
      ),
    };
  }

  #onResponse(message: WireMessage, { broker }: GroupDelivery): void {
    const { wire, maxPayloadBytes = MAX_PAYLOAD_BYTES } = this.#options;
    const refuse = (
      error: unknown,
      kind: 'message-refused' | 'response-refused' = 'response-refused',
    ): void =>
      this.#options.observers.refused(
        { kind, channel: message.channel, broker: broker.name, error },
        message,
      );
    let headers: UserspaceHeaders;
    try {
      headers = wire.parseUserspaceHeaders(message.headers);
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
    this.#accepted(entry);
    // Progress: the answer is still to come, and this message has nothing to read.
    if (headers.state === 'progress') return;
    try {
      const { sentAtMs } = entry;
      const response = readResponse(message, headers, {
        wire,
        sentAtMs,
        maxPayloadBytes,
        lostDigits: this.#lostDigits,
      });
      if (this.#end(entry)) {
        this.#observeEnd(entry, message);
        entry.resolve(response);
      }
    } catch (error) {
      // REMOTE_ERROR is a regular answer. Every other error means a broken message, which is also reported.
      if (!isIntersectError(error) || error.code !== 'REMOTE_ERROR') refuse(error, 'message-refused');
      this.#reject(entry, error);
    }
  }

  #mismatch(headers: UserspaceHeaders, entry: PendingRequest | undefined): string | undefined {
    const asked = entry?.request;
    const isMine = headers.destination === this.#options.source;
    if (isMine && headers.source === asked?.destination && headers.operationId === asked.operation) {
      return undefined;
    }
    const what = `A response from ${headers.source} to ${headers.operationId} (request ${headers.requestId})`;
    if (!isMine) return `${what} is for someone else: ${headers.destination}.`;
    if (!asked) return `${what} is not waited for: it is late, came twice, or was never asked for.`;
    return `${what} does not answer what was asked: ${asked.operation} of ${asked.destination}.`;
  }
}
