import {
  CapabilityError,
  DEFAULT_CONTENT_TYPE,
  decodePayload,
  encodeUtf8,
  type UserspaceHeaders,
} from '@intersect-sdk/core';
import type { CompiledOperation } from './compiled.js';
import type { OperationContext } from './context.js';
import type { DataStore } from './data-store.js';
import { encodeValue } from './encode-value.js';
import { Lease } from './lease.js';
import { Refusal } from './refusal.js';
import type { Answer } from './replies.js';
import { SENTENCES } from './sentences.js';
import type { Slots } from './slots.js';
import { TimeLimit } from './time-limit.js';

export interface OperationRequest {
  readonly headers: UserspaceHeaders;
  readonly payload: Uint8Array;
}

export interface OperationEnvironment {
  /** The service's limit of handlers that run at once. */
  readonly slots: Slots;
  readonly stopping: AbortSignal;
  readonly dataStore: DataStore | undefined;
  isBlocked(operation: CompiledOperation): boolean;
  contextOf(operation: CompiledOperation, request: OperationRequest, during: During): OperationContext;
}

/** While a handler runs. */
export interface During {
  readonly signal: AbortSignal;
  readonly lease: Lease;
}

/** Takes one request of an operation from its bytes to the bytes of the answer. Rejects with a Refusal and nothing else. */
export async function runOperation(
  operation: CompiledOperation,
  request: OperationRequest,
  environment: OperationEnvironment,
): Promise<Answer> {
  // Most find a place at once, and then nothing is waited for.
  const ownPlace = operation.slots?.enter();
  if (ownPlace) await ownPlace;
  const place = environment.slots.enter();
  if (place) await place;
  const lease = new Lease(environment.slots);
  const limit =
    operation.timeLimitMs === undefined ? undefined : new TimeLimit(operation, environment.stopping);
  const signal = limit?.signal ?? environment.stopping;
  let running: Promise<unknown> | undefined;
  try {
    if (environment.isBlocked(operation)) throw new Refusal('blocked', SENTENCES.blocked(operation.fullName));
    const { dataStore } = environment;
    const isStored = request.headers.dataHandler !== 'MESSAGE';
    const payload = isStored ? await fetchPayload(request, dataStore, signal) : request.payload;
    const argument = argumentOf(operation, payload);
    const context = environment.contextOf(operation, request, { signal, lease });
    running = callHandler(operation, () => operation.run(argument, context), environment.stopping);
    const value = await (limit ? Promise.race([running, limit.over]) : running);
    const answer = answerOf(operation, value);
    return operation.answerDataHandler === 'MESSAGE' ? answer : await stored(answer, dataStore, signal);
  } finally {
    limit?.end();
    lease.end();
    // A handler beyond its time limit may still use what the operation's own limit protects.
    if (operation.slots) void settled(running).then(() => operation.slots?.leave());
  }
}

async function settled(running: Promise<unknown> | undefined): Promise<void> {
  await running?.catch(() => {});
}

async function fetchPayload(
  { payload }: OperationRequest,
  store: DataStore | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    if (!store) throw new Error('the service has no data store');
    return await store.get(payload, { signal });
  } catch (error) {
    throw new Refusal('data-not-fetched', SENTENCES.dataNotFetched(), error);
  }
}

function argumentOf({ argument, fullName }: CompiledOperation, payload: Uint8Array): unknown {
  if (!argument) return undefined;
  const value = decode(payload, argument.contentType, fullName);
  if (value === null && argument.makeDefault) return argument.makeDefault();
  const checked = argument.check(value);
  if (checked.ok) return checked.value;
  throw new Refusal('arguments-invalid', SENTENCES.argumentsInvalid(fullName, checked.issues));
}

function decode(payload: Uint8Array, contentType: string, operation: string): unknown {
  try {
    return decodePayload(payload, contentType, { allowEmpty: true }) ?? null;
  } catch (error) {
    throw new Refusal('arguments-invalid', SENTENCES.argumentsNotJson(operation), error);
  }
}

async function callHandler(
  { fullName }: CompiledOperation,
  run: () => unknown,
  stopping: AbortSignal,
): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CapabilityError && error.message) {
      throw new Refusal('capability-error', error.message, error);
    }
    if (stopping.aborted && isAbort(error, stopping)) {
      throw new Refusal('stopping', SENTENCES.stopping(fullName), error);
    }
    throw new Refusal('handler-failed', SENTENCES.failed(fullName), error);
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

function answerOf({ answer, fullName }: CompiledOperation, value: unknown): Answer {
  const contentType = answer?.contentType ?? DEFAULT_CONTENT_TYPE;
  return { payload: encodeAnswer(answer, value, fullName), contentType, dataHandler: 'MESSAGE' };
}

async function stored(
  { payload, contentType }: Answer,
  store: DataStore | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    if (!store) throw new Error('the service has no data store');
    const pointer = await store.put({ payload, contentType }, { signal });
    return { payload: pointer, contentType, dataHandler: 'MINIO' };
  } catch (error) {
    throw new Refusal('data-not-stored', SENTENCES.dataNotStored(), error);
  }
}

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
