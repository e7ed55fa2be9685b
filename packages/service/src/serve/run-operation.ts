import type { OperationContext } from '@intersect-sdk/contract/plain';
import { asGiven, inTurn, nextTurn } from '@intersect-sdk/core/internal';
import {
  type DataPlane,
  type LostDigits,
  lossInArgument,
  type Observers,
  type StoreWait,
  streamOfBytes,
} from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../compile/compiled.js';
import { type Answer, identityOf } from './answer/replies.js';
import { Refusal } from './answer/request-refusal.js';
import { SENTENCES } from './answer/sentences.js';
import { completeAnswer, type GivenAnswer, isReady } from './answer/stored-answer.js';
import { argumentOf, callHandler } from './call-handler.js';
import { Lease } from './limits/lease.js';
import { takePlacesInLine } from './limits/places-in-line.js';
import { throwIfExpired } from './limits/request-age.js';
import type { Semaphore } from './limits/semaphore.js';
import { takePlaces } from './limits/take-places.js';
import { TimeLimit } from './limits/time-limit.js';
import { giveItems } from './parts/give-items.js';
import { type OperationRequest, workOf } from './request/operation-request.js';
import { fetched } from './request/stored-argument.js';

export interface OperationEnvironment {
  /** The service's limit of handlers that run at once. */
  readonly slots: Semaphore;
  readonly stopping: AbortSignal;
  readonly data: DataPlane;
  /** Reads arguments. */
  readonly lostDigits: LostDigits;
  readonly observers: Observers;
  /** Where requests come in. */
  readonly requestChannel: string;
  isBlocked(operation: CompiledOperation): boolean;
  contextOf(operation: CompiledOperation, request: OperationRequest, during: HandlerScope): OperationContext;
}

/** While a handler runs. */
export interface HandlerScope {
  readonly signal: AbortSignal;
  /** Gives the places that others wait for to them while `work` runs. */
  whileOutside<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Takes one request of an operation from its bytes to the bytes of the answer. Rejects with a Refusal, or Expired, and nothing else. Thousands can
 * be under way, so it is written without `async`: what an async function keeps while it waits is several times as much.
 *
 * Each handler begins in a turn of its own, and what it gives is encoded as soon as it gives it: so an answer shows an object that the
 * handler keeps as it was then, and not what the next requests make of it.
 */
export function runOperation(
  operation: CompiledOperation,
  request: OperationRequest,
  environment: OperationEnvironment,
): Promise<Answer> {
  const { live } = request;
  return nextTurn().then(() => {
    const { slots } = environment;
    const places = operation.acknowledgesOnStart
      ? takePlacesInLine(operation, slots, request)
      : takePlaces(operation, slots, live);
    const run = (): Promise<Answer> => new Running(operation, request, environment).run();
    if (places === undefined) {
      // What is answered at once needs no sign of life before.
      if (live) inTurn(() => live.announce());
      return run();
    }
    live?.announce();
    return places.then(
      () => nextTurn().then(run),
      (reason: unknown) => {
        throw new Refusal('cancelled', SENTENCES.cancelled(operation.fullName), reason);
      },
    );
  });
}

/** The argument of a request: its bytes, or a stream of them. */
type Argument = Uint8Array | ReadableStream<Uint8Array>;

/** One request with its places taken; gives them back. */
class Running implements HandlerScope {
  readonly signal: AbortSignal;
  readonly #operation: CompiledOperation;
  readonly #request: OperationRequest;
  readonly #environment: OperationEnvironment;
  readonly #limit: TimeLimit | undefined;
  /** Only where the handler was outside; most never are. */
  #ofService: Lease | undefined;
  #ofCapability: Lease | undefined;
  #handler: Promise<GivenAnswer> | undefined;

  constructor(operation: CompiledOperation, request: OperationRequest, environment: OperationEnvironment) {
    const stopping = request.live?.signal ?? environment.stopping;
    this.#operation = operation;
    this.#request = request;
    this.#environment = environment;
    this.#limit = operation.timeLimitMs === undefined ? undefined : new TimeLimit(operation, stopping);
    this.signal = this.#limit?.signal ?? stopping;
  }

  run(): Promise<Answer> {
    return this.#started().then(
      (answer) => this.#completed(answer),
      (error: unknown) => {
        this.#end();
        throw error;
      },
    );
  }

  async whileOutside<T>(absence: () => Promise<T>): Promise<T> {
    const { isStatus, shared } = this.#operation;
    if (!isStatus) this.#ofService ??= new Lease(this.#environment.slots);
    if (shared) this.#ofCapability ??= new Lease(shared);
    try {
      return await outside(this.#ofService, () => outside(this.#ofCapability, absence));
    } finally {
      // As it began: others may have been told of their answers in the same turn.
      await nextTurn();
    }
  }

  #started(): Promise<GivenAnswer> {
    const { headers, payload } = this.#request;
    const operation = this.#operation;
    if (headers.dataHandler !== 'MESSAGE') {
      const { data } = this.#environment;
      try {
        throwIfExpired(this.#request);
      } catch (error) {
        return Promise.reject(error);
      }
      return fetched(operation, this.#request, { data, wait: this.#wait() }).then((argument) =>
        this.#start(argument),
      );
    }
    try {
      return this.#start(operation.takesStream ? streamOfBytes(payload) : payload);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #start(given: Argument): Promise<GivenAnswer> {
    const operation = this.#operation;
    const request = this.#request;
    const environment = this.#environment;
    throwIfExpired(request);
    const { live } = request;
    if (live?.isCancelled) {
      throw new Refusal('cancelled', SENTENCES.cancelled(operation.fullName), live.signal.reason);
    }
    if (environment.isBlocked(operation)) throw new Refusal('blocked', SENTENCES.blocked(operation.fullName));
    const argument =
      given instanceof Uint8Array
        ? argumentOf(operation, given, (bytes, contentType) => this.#decode(bytes, contentType))
        : given;
    const { start } = request.arrival;
    if (start) return start.begin().then(() => Promise.race([this.#call(argument), start.over]));
    return this.#call(argument);
  }

  #call(argument: unknown): Promise<GivenAnswer> {
    const operation = this.#operation;
    const request = this.#request;
    const environment = this.#environment;
    const context = environment.contextOf(operation, request, this);
    const run = (): unknown =>
      operation.item
        ? asGiven(operation.run(argument, context), (given) => this.#giveItems(given))
        : operation.run(argument, context);
    const { live } = request;
    const { observers, stopping } = environment;
    // A status is asked for by programs that look after others, and is nobody's work.
    const isSeen = observers.seesWork && !operation.isStatus;
    const handler = isSeen
      ? observers.around(workOf(request, environment.requestChannel), () =>
          callHandler(operation, run, { stopping, live }),
        )
      : callHandler(operation, run, { stopping, live });
    this.#handler = handler;
    const limit = this.#limit;
    if (!limit) return handler;
    // An answer that comes too late is let go.
    handler.then(({ source }) => {
      if (source && limit.signal.aborted) void environment.data.discard(source);
    }, NOTHING_TO_DO);
    return Promise.race([handler, limit.over]);
  }

  #giveItems(given: unknown): Promise<GivenAnswer> {
    const { maxDataBytes: maxBytes } = this.#environment.data;
    return giveItems(given, {
      operation: this.#operation,
      request: this.#request,
      signal: this.signal,
      maxBytes,
    });
  }

  #decode(bytes: Uint8Array, contentType: string): unknown {
    const { headers } = this.#request;
    const isOwn = headers.dataHandler !== 'MESSAGE';
    return this.#environment.lostDigits.decode({ bytes, contentType, isOwn }, () =>
      lossInArgument(identityOf(headers)),
    );
  }

  #completed(answer: GivenAnswer): Answer | Promise<Answer> {
    const operation = this.#operation;
    const { data } = this.#environment;
    if (isReady(answer, operation, data)) {
      this.#end();
      return answer;
    }
    const { messageId } = this.#request.headers;
    const completing = completeAnswer(answer, { operation, data, messageId, wait: this.#wait() });
    return completing.finally(() => this.#end());
  }

  #wait(): StoreWait {
    return {
      signal: this.signal,
      withinMs: this.#environment.data.waitMs,
      outside: (work) => this.whileOutside(work),
    };
  }

  #end(): void {
    this.#request.closeArgument?.();
    if (!this.#operation.isStatus) endOf(this.#ofService, this.#environment.slots);
    const limit = this.#limit;
    limit?.end();
    // A handler beyond its time limit may still use what the other limits protect.
    if (limit) void settled(this.#handler).then(() => this.#endOwn());
    else this.#endOwn();
  }

  #endOwn(): void {
    const { shared, slots } = this.#operation;
    if (shared) endOf(this.#ofCapability, shared);
    slots?.leave();
  }
}

function outside<T>(lease: Lease | undefined, absence: () => Promise<T>): Promise<T> {
  return lease ? lease.releaseWhile(absence) : absence();
}

/** Gives a place back: that of a lease, where one was made for it. */
function endOf(lease: Lease | undefined, slots: Semaphore): void {
  if (lease) lease.end();
  else slots.leave();
}

const NOTHING_TO_DO = (): void => {};

async function settled(running: Promise<unknown> | undefined): Promise<void> {
  await running?.catch(NOTHING_TO_DO);
}
