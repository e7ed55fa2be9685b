import { CapabilityError, ValidationError } from '@intersect-sdk/core';
import {
  CREDIT_ITEMS,
  DEFAULT_CONTENT_TYPE,
  kindOf,
  nextTurn,
  onAbort,
  SEQ_HEADER,
} from '@intersect-sdk/core/internal';
import type { CompiledOperation } from '../../compile/compiled.js';
import { encodeValue } from '../../compile/encode-value.js';
import { Refusal } from '../answer/request-refusal.js';
import { SENTENCES } from '../answer/sentences.js';
import type { GivenAnswer } from '../answer/stored-answer.js';
import type { OperationRequest } from '../request/operation-request.js';
import { listOf, type OutgoingItems } from './outgoing-items.js';

interface Giving {
  readonly operation: CompiledOperation;
  readonly request: OperationRequest;
  /** Aborts when no more items are wanted. */
  readonly signal: AbortSignal;
  /** How much is gathered for an asker that wants one answer. */
  readonly maxBytes: number;
}

/**
 * The answer of an operation whose items are given one by one: sent as they come to an asker that takes them so, else gathered into one
 * list. What gives them is asked for the next one only when there is room for it, and is ended when no more are wanted. Rejects with
 * what it throws, with the signal's reason, or with a Refusal.
 */
export function giveItems(given: unknown, giving: Giving): Promise<GivenAnswer> {
  const items = giving.request.live?.items;
  return items ? sendItems(given, items, giving) : gatherItems(given, giving);
}

async function sendItems(given: unknown, items: OutgoingItems, giving: Giving): Promise<GivenAnswer> {
  const { request, signal, operation } = giving;
  // So that its reader notices when another process begins it anew.
  request.live?.announce();
  const stopListening = onAbort(signal, () => items.wake());
  try {
    for await (const item of encodedItems(given, giving)) {
      const isWanted = items.add(item);
      if (!isWanted) await turnAfter(items.count);
      // Only a full window is waited for: it is looked at before the next one is asked for.
      if (items.isFull) await items.room(signal);
    }
    await items.out(signal);
    return { payload: listOf([]), contentType: DEFAULT_CONTENT_TYPE, dataHandler: 'MESSAGE', isSent: true };
  } catch (error) {
    // What was given before goes out before the error.
    await items.out(signal).catch(ignore);
    if (codeOf(error) !== 'PAYLOAD_TOO_LARGE') throw error;
    throw new Refusal('answer-too-large', SENTENCES.itemTooLarge(operation.fullName), error);
  } finally {
    stopListening();
    request.answerHeaders = { ...request.answerHeaders, [SEQ_HEADER]: String(items.count) };
  }
}

async function gatherItems(given: unknown, giving: Giving): Promise<GivenAnswer> {
  const { operation, maxBytes } = giving;
  const items: Uint8Array[] = [];
  let bytes = 0;
  for await (const item of encodedItems(given, giving)) {
    items.push(item);
    bytes += item.byteLength + 1;
    await turnAfter(items.length);
    if (bytes > maxBytes) {
      throw new Refusal('answer-too-large', SENTENCES.tooLargeAsList(operation.fullName, maxBytes));
    }
  }
  return { payload: listOf(items), contentType: DEFAULT_CONTENT_TYPE, dataHandler: 'MESSAGE' };
}

/** Where nobody is waited for, everything else has its turn after so many items: a generator need not wait for anything. */
async function turnAfter(count: number): Promise<void> {
  if (count % CREDIT_ITEMS === 0) await nextTurn();
}

/** Each as soon as it is given, as it is then. Ends what gives them when the reader leaves, and when the signal aborts. */
async function* encodedItems(given: unknown, giving: Giving): AsyncGenerator<Uint8Array, void, void> {
  const { operation, signal } = giving;
  const source = iteratorOf(given, operation.fullName);
  let ended: Promise<unknown> | undefined;
  // Also while it is asked for the next one: what listens to events waits as long as none comes.
  const end = (): void => {
    ended ??= Promise.resolve(source.return?.()).catch(ignore);
  };
  const stopListening = onAbort(signal, end);
  try {
    for (let number = 0; ; number++) {
      signal.throwIfAborted();
      const next = await source.next();
      signal.throwIfAborted();
      if (next.done) return;
      yield encodeItem(next.value, number, operation);
    }
  } finally {
    stopListening();
    end();
    await ended;
  }
}

function encodeItem(value: unknown, number: number, { item, fullName }: CompiledOperation): Uint8Array {
  try {
    return encodeValue(
      value,
      item as NonNullable<typeof item>,
      `Item ${number} of the answer of ${fullName} does not fit its declaration`,
    );
  } catch (error) {
    throw new Refusal('answer-invalid', SENTENCES.failed(fullName), error);
  }
}

type Source = AsyncIterator<unknown> | Iterator<unknown>;

function iteratorOf(given: unknown, operation: string): Source {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = Object(given) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  // A text could be iterated too, letter by letter, but nobody means that.
  if (typeof given === 'object' && later) return later.call(given);
  if (typeof given === 'object' && now) return now.call(given);
  const message = `must be given by something that can be iterated, an async generator for one, got ${kindOf(given)}`;
  const cause = new ValidationError(`The items of the answer of ${operation}`, [{ path: '', message }]);
  throw new Refusal('answer-invalid', SENTENCES.failed(operation), cause);
}

function codeOf(error: unknown): unknown {
  return error instanceof CapabilityError ? undefined : (error as { readonly code?: unknown } | null)?.code;
}

const ignore = (): void => {};
