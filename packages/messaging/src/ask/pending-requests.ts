import { isIntersectError, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import {
  DeadlineTimer,
  type Response,
  type StreamedResponse,
  TransientMap,
  WorkCount,
} from '@intersect-sdk/core/internal';
import type { DataPlane } from '../data/data-plane.js';
import { RecentIds } from '../events/recent-ids.js';
import type { Observers } from '../observe/observers.js';
import type { PendingRequest } from './pending-request.js';
import { timeoutError } from './request-errors.js';

/** How many requests that have ended are remembered, to know late answers that lie in a data store. */
const REMEMBERED_REQUESTS = 10_000;

/** How a publish ends whose time is over. */
const LATE: ReadonlySet<string> = new Set(['PUBLISH_TIMEOUT', 'BROKER_BUSY']);

interface PendingRequestsOptions {
  readonly observers: Observers;
  readonly data: DataPlane;
  /** Called when a request has ended that takes more than one answer, with the error if there is one. */
  readonly onEnded: (entry: PendingRequest, error: unknown) => void;
}

/** The requests that wait for their answers. Each ends exactly once: with an answer or with an error. */
export class PendingRequests {
  readonly #observers: Observers;
  readonly #data: DataPlane;
  readonly #onEnded: PendingRequestsOptions['onEnded'];
  readonly #entries = new TransientMap<string, PendingRequest>();
  readonly #deadlines = new DeadlineTimer<PendingRequest>(
    () => this.#entries.values(),
    (entry) => this.reject(entry, timeoutError(entry)),
  );
  readonly #work = new WorkCount();
  /** Requests whose answers nobody waits for any more, so that what a late one left in a data store is deleted. */
  readonly #gone = new RecentIds(REMEMBERED_REQUESTS);

  constructor({ observers, data, onEnded }: PendingRequestsOptions) {
    this.#observers = observers;
    this.#data = data;
    this.#onEnded = onEnded;
  }

  get size(): number {
    return this.#entries.size;
  }

  add(entry: PendingRequest): void {
    this.#entries.set(entry.requestId, entry);
    this.#work.enter();
    this.#deadlines.watch(entry);
  }

  get(requestId: string): PendingRequest | undefined {
    return this.#entries.get(requestId);
  }

  waits(entry: PendingRequest): boolean {
    return this.#entries.get(entry.requestId) === entry;
  }

  /** Resolves when no request waits for its answer. */
  idle(): Promise<void> {
    return this.#work.idle();
  }

  /** Ends each with what `errorOf` makes of it; no other comes after them. */
  rejectAll(errorOf: (entry: PendingRequest) => Error): void {
    for (const entry of this.#entries.values()) this.reject(entry, errorOf(entry));
    this.#deadlines.stop();
  }

  /** A broker has the request: it said so, or an answer is there already. */
  accepted(entry: PendingRequest): void {
    entry.refusal = undefined;
    if (!this.#observers.watching && !entry.onFailed) entry.message = undefined;
    const { onAccepted } = entry;
    if (!onAccepted) return;
    entry.onAccepted = undefined;
    try {
      onAccepted({ requestId: entry.requestId });
    } catch (error) {
      const { destination, operation } = entry.request;
      this.#observers.report({ kind: 'handler-failed', destination, operation, error });
    }
  }

  /** No broker took the request, or none said in time that it did. */
  notPublished(entry: PendingRequest, error: unknown): void {
    // The request and its publish have the same time, and which of the two ends first is chance.
    const late = isIntersectError(error) && LATE.has(error.code);
    this.reject(entry, late ? timeoutError(entry) : error);
  }

  /** `message` is the answer. */
  resolve(entry: PendingRequest, message: WireMessage, response: Response | StreamedResponse): void {
    if (!this.#end(entry)) return;
    if (entry.parts) this.#onEnded(entry, undefined);
    this.#observeEnd(entry, message);
    entry.companion?.ended();
    entry.resolve(response);
  }

  reject(entry: PendingRequest, error: unknown): void {
    if (!this.#end(entry)) return;
    const { requestId, request } = entry;
    // An answer whose reading has begun stays where it failed, also when the message comes once more.
    if (!entry.keepData && !entry.data?.reading) {
      this.#gone.add(keyOf(requestId, request.destination, request.operation));
    }
    entry.data?.removeArgument(this.#data, entry.handedOver, error);
    if (entry.parts) this.#onEnded(entry, error);
    entry.companion?.ended(error);
    const { message } = entry;
    if (message) {
      this.#observeEnd(entry, message, error);
      entry.onFailed?.(message);
    }
    entry.reject(error);
  }

  /** The data of this answer are read: where its message comes once more, they are deleted. */
  forget({ requestId, source, operationId }: UserspaceHeaders): void {
    this.#gone.add(keyOf(requestId, source, operationId));
  }

  /** Whether this answers a request that has ended, so that nobody reads what it left in a data store. */
  isLate({ requestId, source, operationId }: UserspaceHeaders): boolean {
    return this.#gone.has(keyOf(requestId, source, operationId));
  }

  /** `message` is the answer where there is one, else the request. */
  #observeEnd(entry: PendingRequest, message: WireMessage, error?: unknown): void {
    if (!this.#observers.watching) return;
    this.#observers.observe({ kind: 'answered', message, sinceMs: entry.beganAtMs, error });
  }

  /** Returns whether the request was still pending, so that each ends once. */
  #end(entry: PendingRequest): boolean {
    if (!this.waits(entry)) return false;
    this.#entries.delete(entry.requestId);
    entry.stopListening?.();
    entry.data?.end();
    if (this.#entries.size === 0) this.#deadlines.rest();
    this.#work.leave();
    return true;
  }
}

/** By what a late answer is known: only what was asked for, since a stranger's pointer deletes nothing. */
function keyOf(requestId: string, address: string, operation: string): string {
  return `${requestId} ${address} ${operation}`;
}
