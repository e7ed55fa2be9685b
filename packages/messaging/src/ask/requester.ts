import {
  IllegalStateError,
  isIntersectError,
  MessageError,
  newId,
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
  type StreamedResponse,
  TransientMap,
  WorkCount,
} from '@intersect-sdk/core/internal';
import type { Retention } from '@intersect-sdk/transport';
import type { GroupDelivery, GroupSubscription } from '../brokers/broker-group.js';
import type { DataPlane } from '../data/data-plane.js';
import { noDataStores } from '../data/no-data-stores.js';
import { RecentIds } from '../events/recent-ids.js';
import { LostDigits } from '../observe/lost-digits.js';
import { MAX_PAYLOAD_BYTES, MAX_PENDING_REQUESTS } from './intake-limits.js';
import type { CheckedRequest } from './parameters.js';
import type { PendingRequest, SendOptions } from './pending-request.js';
import { receiveAnswer } from './receive-answer.js';
import { RequestData } from './request-data.js';
import { abortedError, answerMismatch, detailsOf, timeoutError } from './request-errors.js';
import { requestMessage, travelsAlone, withArgument } from './request-message.js';
import type { RequesterOptions } from './requester-options.js';
import { responseOf, throwIfUnusable } from './responses.js';

const REQUEST_TIMEOUT_MS = 300_000;

/** How many answers may be decoded at once. Their order does not matter. */
const RESPONSE_CONCURRENCY = 100;

/** How many requests that have ended are remembered, to know late answers that lie in a data store. */
const REMEMBERED_REQUESTS = 10_000;

/** How a publish ends whose time is over. */
const LATE: ReadonlySet<string> = new Set(['PUBLISH_TIMEOUT', 'BROKER_BUSY']);

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
  readonly #data: DataPlane;
  /** Requests whose answers nobody waits for any more, so that what a late one left in a data store is deleted. */
  readonly #gone = new RecentIds(REMEMBERED_REQUESTS);

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.#data = options.data ?? noDataStores(options.source);
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

  /** Resolves with the answer. Throws RequestError, MessageError, DataError, TransportError or IllegalStateError. */
  request(request: CheckedRequest, options: SendOptions = {}): Promise<Response> {
    return this.#ask(request, options) as Promise<Response>;
  }

  /** As `request`; resolves as soon as the data of the answer can be read. */
  stream(request: CheckedRequest, options: SendOptions = {}): Promise<StreamedResponse> {
    const { signal, keepData } = options;
    const data = new RequestData({ keepData, streamUntil: signal ? [signal, this.ended] : [this.ended] });
    return this.#ask(request, options, data) as Promise<StreamedResponse>;
  }

  #ask(
    request: CheckedRequest,
    options: SendOptions,
    data?: RequestData,
  ): Promise<Response | StreamedResponse> {
    const problem = this.#problem(request, options);
    if (problem) return Promise.reject(problem);
    const { timeoutMs = REQUEST_TIMEOUT_MS, signal, onAccepted, onFailed } = options;
    const { requestId = newId() } = request;
    return new Promise((resolve, reject) => {
      const entry: PendingRequest = {
        request,
        message: requestMessage(request, { ...this.#options, requestId, further: options.headers }),
        requestId,
        timeoutMs,
        sentAtMs: Date.now(),
        dueAtMs: performance.now() + timeoutMs,
        handedOver: false,
        refusal: undefined,
        onAccepted,
        onFailed,
        stopListening: undefined,
        keepData: options.keepData,
        data,
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
      if (travelsAlone(request, this.#data)) this.#publish(entry, options);
      else void this.#publishWithData(entry, options);
    });
  }

  /** Sends a request without waiting for its answer; resolves when a broker has accepted it. */
  async tell(request: CheckedRequest, options: SendOptions = {}): Promise<void> {
    const { timeoutMs = REQUEST_TIMEOUT_MS, signal = this.ended, headers, onFailed } = options;
    const { brokers } = this.#options;
    const data = this.#data;
    let message = requestMessage(request, { ...this.#options, requestId: newId(), further: headers });
    let handedOver = false;
    const told = new RequestData({ keepData: options.keepData });
    const stopListening = onAbort(signal, () => told.end());
    const onHandedOver = (): void => {
      handedOver = true;
    };
    try {
      if (!travelsAlone(request, data)) {
        message = await withArgument(message, request, {
          ...this.#options,
          data: this.#data,
          told,
          withinMs: timeoutMs,
        });
      }
      await brokers.publishToOne(message, {
        durable: true,
        mustRoute: true,
        timeoutMs,
        signal,
        onHandedOver,
      });
    } catch (error) {
      told.removeArgument(data, handedOver, error);
      onFailed?.(message);
      throw error;
    } finally {
      stopListening();
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

  /** Stores the argument, or gathers what is given piece by piece, and then publishes. */
  async #publishWithData(entry: PendingRequest, options: SendOptions): Promise<void> {
    entry.data ??= new RequestData(entry);
    const { request, data: told } = entry;
    try {
      entry.message = await withArgument(entry.message, request, {
        ...this.#options,
        data: this.#data,
        told,
      });
    } catch (error) {
      this.#reject(entry, error);
      return;
    }
    if (this.#waits(entry)) this.#publish(entry, options);
    else told.removeArgument(this.#data, false);
  }

  #publish(entry: PendingRequest, { signal, expires }: SendOptions): void {
    const { message, timeoutMs } = entry;
    const waits = (): boolean => this.#waits(entry);
    this.#options.brokers
      .publishToOne(message, {
        durable: true,
        mustRoute: true,
        timeoutMs,
        signal,
        expiresAfterMs: expires ? timeoutMs : undefined,
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
    const { requestId, request } = entry;
    // An answer whose reading has begun stays where it failed, also when the message comes once more.
    if (!entry.keepData && !entry.data?.reading)
      this.#gone.add(`${requestId} ${request.destination} ${request.operation}`);
    entry.data?.removeArgument(this.#data, entry.handedOver, error);
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

  #waits(entry: PendingRequest): boolean {
    return this.#pending.get(entry.requestId) === entry;
  }

  /** Returns whether the request was still pending, so that each ends once. */
  #end(entry: PendingRequest): boolean {
    if (!this.#waits(entry)) return false;
    this.#pending.delete(entry.requestId);
    entry.stopListening?.();
    entry.data?.end();
    if (this.#pending.size === 0) this.#deadlines.stop();
    this.#work.leave();
    return true;
  }

  #onResponse(message: WireMessage, { broker }: GroupDelivery): void {
    const { wire, source, integers, maxPayloadBytes = MAX_PAYLOAD_BYTES } = this.#options;
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
    const problem = answerMismatch(headers, {
      source,
      request: entry?.request,
      reading: entry?.data?.reading,
    });
    if (problem || !entry) {
      refuse(new MessageError('RESPONSE_UNEXPECTED', problem ?? 'Nobody waits for it.'));
      // Only what was asked for: a stranger's pointer deletes nothing.
      const isLate = headers.dataHandler !== 'MESSAGE' && !headers.hasError && this.#gone.has(keyOf(headers));
      if (isLate) void this.#data.removeUnread(message);
      return;
    }
    this.#accepted(entry);
    // Progress: the answer is still to come, and this message has nothing to read.
    if (headers.state === 'progress') return;
    const failed = (error: unknown): void => {
      if (!this.#waits(entry)) return;
      // An error of the service or of a data store is nobody's fault but theirs. Every other one means a broken message, which is also reported.
      if (error instanceof MessageError) refuse(error, 'message-refused');
      this.#reject(entry, error);
    };
    const { sentAtMs } = entry;
    const reading = { wire, sentAtMs, maxPayloadBytes, integers, lostDigits: this.#lostDigits };
    const arrived = { message, headers };
    try {
      throwIfUnusable(arrived, reading);
      if (headers.dataHandler === 'MESSAGE' && !entry.data?.isStream) {
        this.#resolve(entry, message, responseOf(arrived, message.payload, reading));
        return;
      }
      entry.data ??= new RequestData(entry);
      receiveAnswer(arrived, reading, {
        told: entry.data,
        plane: this.#data,
        isWanted: () => this.#waits(entry),
        resolve: (response) => {
          // What was kept, or given as a stream that may be left, stays when the message comes once more.
          if (!entry.keepData && !entry.data?.isStream) this.#gone.add(keyOf(headers));
          this.#resolve(entry, message, response);
        },
      }).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #resolve(entry: PendingRequest, message: WireMessage, response: Response | StreamedResponse): void {
    if (!this.#end(entry)) return;
    this.#observeEnd(entry, message);
    entry.resolve(response);
  }
}

/** By what a late answer is known. */
function keyOf({ requestId, source, operationId }: UserspaceHeaders): string {
  return `${requestId} ${source} ${operationId}`;
}
