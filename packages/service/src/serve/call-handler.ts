import { CapabilityError, MessageError, ValidationError } from '@intersect-sdk/core';
import { asGiven, DEFAULT_CONTENT_TYPE, encodeUtf8, isDataSource } from '@intersect-sdk/core/internal';
import type { CompiledOperation } from '../compile/compiled.js';
import { encodeValue } from '../compile/encode-value.js';
import { Refusal } from './answer/request-refusal.js';
import { SENTENCES } from './answer/sentences.js';
import type { GivenAnswer } from './answer/stored-answer.js';
import type { Cancellation } from './limits/semaphore.js';

/** The argument for the handler. Throws a Refusal for one that does not fit. */
export function argumentOf(
  { argument, fullName }: CompiledOperation,
  payload: Uint8Array,
  decode: (payload: Uint8Array, contentType: string) => unknown,
): unknown {
  if (!argument) return undefined;
  let value: unknown;
  try {
    value = decode(payload, argument.contentType) ?? null;
  } catch (error) {
    throw unreadable(fullName, error);
  }
  if (value === null && argument.makeDefault) return argument.makeDefault();
  const checked = argument.check(value);
  if (checked.ok) return checked.value;
  const cause = new ValidationError(`The argument does not fit operation ${fullName}`, checked.issues);
  throw new Refusal('arguments-invalid', SENTENCES.argumentsInvalid(fullName, checked.issues), cause);
}

function unreadable(operation: string, error: unknown): Refusal {
  const issues = error instanceof MessageError ? error.issues : [];
  const sentence =
    issues.length > 0 ? SENTENCES.argumentsInvalid(operation, issues) : SENTENCES.argumentsNotJson(operation);
  return new Refusal('arguments-invalid', sentence, error);
}

/** What may end a handler before its time. */
interface Ending {
  /** The service ends. */
  readonly stopping: AbortSignal;
  /** Tells whether the asker wants no answer any more. Undefined where it can't say so. */
  readonly live: Cancellation | undefined;
}

/** Begins the handler. What it gives is encoded in the same step. Rejects with a Refusal and nothing else. */
export function callHandler(
  operation: CompiledOperation,
  run: () => unknown,
  { stopping, live }: Ending,
): Promise<GivenAnswer> {
  const { fullName } = operation;
  const refuse = (error: unknown): Refusal => {
    if (error instanceof Refusal) return error;
    if (error instanceof CapabilityError && error.message) {
      return new Refusal('capability-error', error.message, error);
    }
    if (live?.isCancelled && isAbort(error, live.signal)) {
      return new Refusal('cancelled', SENTENCES.cancelled(fullName), error);
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

function answerOf({ answer, item, fullName }: CompiledOperation, value: unknown): GivenAnswer {
  // Items are encoded one by one, and what became of them is the answer.
  if (item) return value as GivenAnswer;
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
