import {
  IllegalStateError,
  newId,
  RequestError,
  TransportError,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  onAbort,
  type RequestOptions,
  type Response,
  type StreamedResponse,
  TIMEOUT_HEADER,
  withTimeLeft,
} from '@intersect-sdk/core/internal';
import type { Retention } from '@intersect-sdk/transport';
import type { GroupSubscription } from '../brokers/group-subscription.js';
import type { DataPlane } from '../data/data-plane.js';
import { noDataStores } from '../data/no-data-stores.js';
import { AnswerIntake } from './answers/answer-intake.js';
import { depart } from './depart.js';
import { MAX_PENDING_REQUESTS } from './intake-limits.js';
import type { CheckedRequest } from './parameters.js';
import type { IncomingItems } from './parts/incoming-items.js';
import { acceptedBy, partsFor } from './parts/request-parts.js';
import type { PendingRequest, SendOptions } from './pending-request.js';
import { PendingRequests } from './pending-requests.js';
import { RequestData } from './request-data.js';
import { abortedError, detailsOf } from './request-errors.js';
import { RequestMessages, travelsAlone, withArgument } from './request-message.js';
import type { RequesterOptions } from './requester-options.js';
import { tell } from './tell.js';

const REQUEST_TIMEOUT_MS = 300_000;

/** What a request takes besides a plain answer. */
interface Taking {
  readonly data?: RequestData | undefined;
  readonly items?: IncomingItems | undefined;
}

/** What is published, and until when. */
interface Publishing {
  readonly message: WireMessage;
  readonly signal: AbortSignal | undefined;
}

const NOTHING_ELSE: Taking = Object.freeze({});

/** How many answers may be decoded at once. Their order does not matter. */
const RESPONSE_CONCURRENCY = 100;

/**
 * Asks services and matches their answers by `request_id`. Each request ends exactly once: with an answer
 * or with an error (protocol section 3).
 */
export class Requester {
  readonly #options: RequesterOptions;
  readonly #pending: PendingRequests;
  readonly #answers: AnswerIntake;
  #subscription: GroupSubscription | undefined;
  readonly #ended = new AbortController();
  readonly #data: DataPlane;
  readonly #messages: RequestMessages;
  readonly #timeoutMs: number;

  constructor(options: RequesterOptions) {
    this.#options = options;
    const { wire, source, campaignId, observers, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
    this.#timeoutMs = requestTimeoutMs;
    this.#data = options.data ?? noDataStores(source);
    this.#messages = new RequestMessages({ wire, source, campaignId });
    this.#pending = new PendingRequests({
      observers,
      data: this.#data,
      onEnded: (entry, error) => this.#answers.parts.ended(entry, error),
    });
    this.#answers = new AnswerIntake({ ...options, data: this.#data, pending: this.#pending });
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
      (message, delivery) => this.#answers.take(message, delivery),
      { retention, concurrency: RESPONSE_CONCURRENCY },
    );
  }

  /** Resolves with the answer. Throws RequestError, MessageError, DataError, TransportError or IllegalStateError. */
  request(request: CheckedRequest, options: SendOptions = {}): Promise<Response> {
    return this.#ask(request, options) as Promise<Response>;
  }

  /** As `request`; resolves as soon as the data of the answer can be read. */
  bytes(request: CheckedRequest, options: SendOptions = {}): Promise<StreamedResponse> {
    const { signal, keepData } = options;
    const data = new RequestData({ keepData, streamUntil: signal ? [signal, this.ended] : [this.ended] });
    return this.#ask(request, options, { data }) as Promise<StreamedResponse>;
  }

  /** As `request`; the items of the answer come into `items` one by one, where the service gives them so. */
  items(request: CheckedRequest, options: SendOptions, items: IncomingItems): Promise<Response> {
    return this.#ask(request, options, { items }) as Promise<Response>;
  }

  #ask(
    request: CheckedRequest,
    options: SendOptions,
    { data, items }: Taking = NOTHING_ELSE,
  ): Promise<Response | StreamedResponse> {
    const problem = this.#problem(request, options);
    if (problem) return Promise.reject(problem);
    const {
      timeoutMs = this.#timeoutMs,
      signal,
      onAccepted,
      onFailed,
      headers,
      acceptsBusy = false,
    } = options;
    const { requestId = newId() } = request;
    const beganAtMs = performance.now();
    // What nobody waits for longer than it takes to be answered at once is not cancelled.
    const parts = options.isQuick ? undefined : partsFor(options, items);
    const takesItems = items !== undefined && this.#answers.parts.mayControl(request.destination);
    const accepts = acceptedBy(parts, { takesItems, acceptsBusy });
    // One that lasts as long as the service gives signs of life has no time that the service could know.
    const lastsMs = parts?.isOpenEnded ? undefined : timeoutMs;
    return new Promise((resolve, reject) => {
      // What the SDK asks by itself is nobody's work.
      const companion = options.isQuick
        ? undefined
        : depart(request, { kind: 'request', requestId, headers }, this.#options);
      const further = companion?.headers ?? headers;
      const message = this.#messages.of(request, requestId, {
        headers: further,
        timeoutMs: lastsMs,
        accepts,
      });
      const entry: PendingRequest = {
        request,
        message,
        requestId,
        timeoutMs,
        sentAtMs: Date.now(),
        beganAtMs,
        dueAtMs: beganAtMs + timeoutMs,
        handedOver: false,
        refusal: undefined,
        onAccepted,
        onFailed,
        companion,
        stopListening: undefined,
        keepData: options.keepData,
        data,
        parts,
        resolve,
        reject,
      };
      if (signal) {
        entry.stopListening = onAbort(signal, () => {
          if (parts) parts.isCancelled = true;
          this.#pending.reject(entry, abortedError(entry, signal));
        });
      }
      if (parts) this.#answers.parts.open(entry);
      // Registered before it is published: the answer can be faster than the confirmation.
      this.#pending.add(entry);
      if (travelsAlone(request, this.#data)) this.#publish(entry, { message, signal }, timeoutMs);
      else void this.#publishWithData(entry, { message, signal });
    });
  }

  /** Sends a request without waiting for its answer; resolves when a broker has accepted it. */
  tell(request: CheckedRequest, options: SendOptions = {}): Promise<void> {
    const { timeoutMs = this.#timeoutMs, signal = this.ended, headers, onFailed, keepData } = options;
    const requestId = newId();
    const companion = depart(request, { kind: 'message', requestId, headers }, this.#options);
    const message = this.#messages.of(request, requestId, { headers: companion?.headers ?? headers });
    const told = tell(request, message, {
      ...this.#options,
      data: this.#data,
      timeoutMs,
      signal,
      keepData,
      onFailed,
    });
    if (companion) void told.then(() => companion.ended(), companion.ended);
    return told;
  }

  /** Ends the listening for answers, and removes what brokers keep of them. */
  async forget(): Promise<void> {
    await this.#subscription?.unsubscribe({ forget: true });
  }

  /** Resolves when no request waits for its answer. */
  idle(): Promise<void> {
    return this.#pending.idle();
  }

  /** Aborts when this requester ends, so that nothing is asked again. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Ends every wait with REQUEST_ABORTED and the reason. */
  abortAll(reason: string, cause?: Error): void {
    this.#ended.abort();
    this.#pending.rejectAll((entry) => {
      const { operation, destination } = entry.request;
      const text = `${operation} at ${destination}: ${reason}`;
      return new RequestError('REQUEST_ABORTED', text, { ...detailsOf(entry), cause });
    });
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
  async #publishWithData(entry: PendingRequest, { message, signal }: Publishing): Promise<void> {
    entry.data ??= new RequestData(entry);
    const { request, data: told } = entry;
    let whole: WireMessage;
    try {
      whole = await withArgument(message, request, { ...this.#options, data: this.#data, told });
    } catch (error) {
      this.#pending.reject(entry, error);
      return;
    }
    const leftMs = Math.max(1, entry.dueAtMs - performance.now());
    entry.message = withTimeLeft(whole, TIMEOUT_HEADER, leftMs);
    if (this.#pending.waits(entry)) this.#publish(entry, { message: entry.message, signal }, leftMs);
    else told.removeArgument(this.#data, false);
  }

  #publish(entry: PendingRequest, { message, signal }: Publishing, leftMs: number): void {
    const { request, parts } = entry;
    const { expiresInMs } = request;
    // One that lasts as long as the service gives signs of life has to come back to another one after a crash.
    const lastsMs = parts?.isOpenEnded ? undefined : leftMs;
    const pending = this.#pending;
    this.#options.brokers
      .publishToOne(message, {
        durable: true,
        mustRoute: true,
        timeoutMs: leftMs,
        signal,
        // Nobody waits for it any longer.
        expiresAfterMs: leastOf(lastsMs, expiresInMs),
        // What the broker keeps for a shorter time is answered in all of it, once a service has it.
        timeLeftHeader: expiresInMs === undefined || expiresInMs >= leftMs ? TIMEOUT_HEADER : undefined,
        // A request that has ended is not sent again after a lost connection.
        stillWanted: () => pending.waits(entry),
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
        () => pending.accepted(entry),
        (error: unknown) => pending.notPublished(entry, error),
      );
  }
}

function leastOf(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
