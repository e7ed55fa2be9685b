import type { OperationContext } from '@intersect-sdk/contract/plain';
import {
  CapabilityError,
  decodePayload,
  type Integers,
  MessageError,
  type UserspaceHeaders,
  ValidationError,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  asGiven,
  type DataPointer,
  DEFAULT_CONTENT_TYPE,
  decodeOwnPayload,
  encodeUtf8,
  type FurtherHeaders,
  isDataSource,
  nextTurn,
} from '@intersect-sdk/core/internal';
import { type DataPlane, type StoreWait, streamOfBytes } from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../compile/compiled.js';
import { encodeValue } from '../compile/encode-value.js';
import type { Answer } from './answer/replies.js';
import { Refusal } from './answer/request-refusal.js';
import { SENTENCES } from './answer/sentences.js';
import { completeAnswer, type GivenAnswer, isReady } from './answer/stored-answer.js';
import { Lease } from './limits/lease.js';
import type { Semaphore } from './limits/semaphore.js';
import { TimeLimit } from './limits/time-limit.js';
import { fetched } from './stored-argument.js';

export interface OperationRequest {
  readonly headers: UserspaceHeaders;
  readonly payload: Uint8Array;
  /** All headers as they came. */
  readonly raw: WireMessage['headers'];
  /** What the handler adds to its answer. */
  answerHeaders: FurtherHeaders | undefined;
  /** Where its argument lies, once that was read: it can be deleted when the request is answered. */
  argument: DataPointer | undefined;
  /** Lets go of an argument that is a stream and was not read to its end. */
  closeArgument: (() => void) | undefined;
}

/** The argument of a request: its bytes, or a stream of them. */
type Argument = Uint8Array | ReadableStream<Uint8Array>;

export interface OperationEnvironment {
  /** The service's limit of handlers that run at once. */
  readonly slots: Semaphore;
  readonly stopping: AbortSignal;
  readonly data: DataPlane;
  /** What whole numbers beyond 2^53 become in arguments. */
  readonly integers: Integers | undefined;
  isBlocked(operation: CompiledOperation): boolean;
  contextOf(operation: CompiledOperation, request: OperationRequest, during: HandlerScope): OperationContext;
  /** Told where the argument has a whole number that JavaScript has no number for; undefined where it was told already. */
  digitsLostOf(request: OperationRequest): (() => void) | undefined;
}

/** While a handler runs. */
export interface HandlerScope {
  readonly signal: AbortSignal;
  /** Gives the places that others wait for to them while `work` runs. */
  readonly whileOutside: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Takes one request of an operation from its bytes to the bytes of the answer. Rejects with a Refusal and nothing else. Thousands can
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
  return nextTurn().then(() => {
    const places = takePlaces(operation, environment.slots);
    if (places === undefined) return work(operation, request, environment);
    return places.then(nextTurn).then(() => work(operation, request, environment));
  });
}

/** One in each. Undefined when there was one at once, as there mostly is, and nothing is to be waited for. */
function takePlaces(
  { isStatus, slots: own, shared }: CompiledOperation,
  all: Semaphore,
): Promise<void> | undefined {
  if (isStatus) return undefined;
  let taken: Promise<void> | undefined;
  // The service's at last: who waits for a busy capability takes no place from the others.
  for (const places of [own, shared, all]) {
    if (places) taken = taken === undefined ? places.enter() : taken.then(() => places.enter());
  }
  return taken;
}

/** With its places taken; gives them back. */
function work(
  operation: CompiledOperation,
  request: OperationRequest,
  environment: OperationEnvironment,
): Promise<Answer> {
  const { stopping, data, slots } = environment;
  const { isStatus, shared } = operation;
  const ofService = isStatus ? undefined : new Lease(slots);
  const ofCapability = shared && new Lease(shared);
  const limit = operation.timeLimitMs === undefined ? undefined : new TimeLimit(operation, stopping);
  const signal = limit?.signal ?? stopping;
  let running: Promise<GivenAnswer> | undefined;

  const whileOutside: HandlerScope['whileOutside'] = async (absence) => {
    try {
      return await outside(ofService, () => outside(ofCapability, absence));
    } finally {
      // As it began: others may have been told of their answers in the same turn.
      await nextTurn();
    }
  };
  const start = (given: Argument): Promise<GivenAnswer> => {
    if (environment.isBlocked(operation)) throw new Refusal('blocked', SENTENCES.blocked(operation.fullName));
    const argument =
      given instanceof Uint8Array ? argumentOf(operation, given, readingOf(environment, request)) : given;
    const context = environment.contextOf(operation, request, { signal, whileOutside });
    running = callHandler(operation, () => operation.run(argument, context), stopping);
    if (!limit) return running;
    // An answer that comes too late is let go.
    running.then(({ source }) => {
      if (source && limit.signal.aborted) void data.discard(source);
    }, NOTHING_TO_DO);
    return Promise.race([running, limit.over]);
  };
  const endOwn = (): void => {
    ofCapability?.end();
    operation.slots?.leave();
  };
  const end = (): void => {
    request.closeArgument?.();
    ofService?.end();
    limit?.end();
    // A handler beyond its time limit may still use what the other limits protect.
    if (limit) void settled(running).then(endOwn);
    else endOwn();
  };

  const wait = (): StoreWait => ({ signal, withinMs: data.waitMs, outside: whileOutside });
  const started =
    request.headers.dataHandler === 'MESSAGE'
      ? startNow(operation.takesStream ? streamOfBytes(request.payload) : request.payload, start)
      : fetched(operation, request, { data, wait: wait() }).then(start);
  return started.then(
    (answer) => {
      if (isReady(answer, operation, data)) {
        end();
        return answer;
      }
      const { messageId } = request.headers;
      return completeAnswer(answer, { operation, data, messageId, wait: wait() }).finally(end);
    },
    (error: unknown) => {
      end();
      throw error;
    },
  );
}

function outside<T>(lease: Lease | undefined, absence: () => Promise<T>): Promise<T> {
  return lease ? lease.releaseWhile(absence) : absence();
}

function startNow(
  argument: Argument,
  start: (argument: Argument) => Promise<GivenAnswer>,
): Promise<GivenAnswer> {
  try {
    return start(argument);
  } catch (error) {
    return Promise.reject(error);
  }
}

const NOTHING_TO_DO = (): void => {};

async function settled(running: Promise<unknown> | undefined): Promise<void> {
  await running?.catch(() => {});
}

/** How an argument is read. */
interface ArgumentReading {
  /** The bytes came out of a data store, and nobody else has them. */
  readonly isOwn: boolean;
  readonly integers: Integers | undefined;
  readonly onDigitsLost: (() => void) | undefined;
}

function readingOf(
  { integers, digitsLostOf }: OperationEnvironment,
  request: OperationRequest,
): ArgumentReading {
  const isOwn = request.headers.dataHandler !== 'MESSAGE';
  return { isOwn, integers, onDigitsLost: digitsLostOf(request) };
}

function argumentOf(
  { argument, fullName }: CompiledOperation,
  payload: Uint8Array,
  reading: ArgumentReading,
): unknown {
  if (!argument) return undefined;
  const value = decode(payload, argument.contentType, { operation: fullName, ...reading });
  if (value === null && argument.makeDefault) return argument.makeDefault();
  const checked = argument.check(value);
  if (checked.ok) return checked.value;
  const cause = new ValidationError(`The argument does not fit operation ${fullName}`, checked.issues);
  throw new Refusal('arguments-invalid', SENTENCES.argumentsInvalid(fullName, checked.issues), cause);
}

function decode(
  payload: Uint8Array,
  contentType: string,
  { operation, isOwn, integers, onDigitsLost }: ArgumentReading & { readonly operation: string },
): unknown {
  try {
    const read = isOwn ? decodeOwnPayload : decodePayload;
    return read(payload, contentType, { allowEmpty: true, integers, onDigitsLost }) ?? null;
  } catch (error) {
    const issues = error instanceof MessageError ? error.issues : [];
    const sentence =
      issues.length > 0
        ? SENTENCES.argumentsInvalid(operation, issues)
        : SENTENCES.argumentsNotJson(operation);
    throw new Refusal('arguments-invalid', sentence, error);
  }
}

/** Begins the handler. What it gives is encoded in the same step. */
function callHandler(
  operation: CompiledOperation,
  run: () => unknown,
  stopping: AbortSignal,
): Promise<GivenAnswer> {
  const { fullName } = operation;
  const refuse = (error: unknown): Refusal => {
    if (error instanceof Refusal) return error;
    if (error instanceof CapabilityError && error.message) {
      return new Refusal('capability-error', error.message, error);
    }
    if (stopping.aborted && isAbort(error, stopping)) {
      return new Refusal('stopping', SENTENCES.stopping(fullName), error);
    }
    return new Refusal('handler-failed', SENTENCES.failed(fullName), error);
  };
  try {
    const answer = asGiven(run(), (value) => answerOf(operation, value));
    if (!(answer instanceof Promise)) return Promise.resolve(answer);
    return answer.then(undefined, (error: unknown) => {
      throw refuse(error);
    });
  } catch (error) {
    return Promise.reject(refuse(error));
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

function answerOf({ answer, fullName }: CompiledOperation, value: unknown): GivenAnswer {
  const contentType = answer?.contentType ?? DEFAULT_CONTENT_TYPE;
  if (contentType !== DEFAULT_CONTENT_TYPE && isDataSource(value)) {
    return { payload: NOTHING, contentType, dataHandler: 'MESSAGE', source: value };
  }
  return { payload: encodeAnswer(answer, value, fullName), contentType, dataHandler: 'MESSAGE' };
}

const NOTHING = new Uint8Array();
const NULL = encodeUtf8('null');

function encodeAnswer(answer: CompiledOperation['answer'], value: unknown, operation: string): Uint8Array {
  // Where no answer is declared, whatever an arrow function happens to give is none.
  if (!answer) return NULL;
  try {
    return encodeValue(value, answer, `The answer of ${operation} does not fit its declaration`);
  } catch (error) {
    throw new Refusal('answer-invalid', SENTENCES.failed(operation), error);
  }
}
