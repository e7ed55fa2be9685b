import { MessageError } from '@intersect-sdk/core';
import { atCaller, type ItemStream, kindOf, onAbort, type Response } from '@intersect-sdk/core/internal';
import { IncomingItems } from './incoming-items.js';

/** Sends the request, whose items come into `items`; resolves with the answer. `left` aborts when nobody reads any more. */
type Ask = (items: IncomingItems, left: AbortSignal) => Promise<Response>;

interface Reader<Item> {
  resolve(result: IteratorResult<Item>): void;
  reject(error: unknown): void;
}

const DONE: IteratorResult<never> = Object.freeze({ value: undefined, done: true });

/** Reads the items of an answer, and sends the request for it when the first one is asked for. */
export class ItemReader<Item> implements ItemStream<Item> {
  readonly #ask: Ask;
  readonly #signal: AbortSignal | undefined;
  readonly #items = new IncomingItems();
  readonly #left = new AbortController();
  readonly #readers: Reader<Item>[] = [];
  #while: <T>(wait: () => Promise<T>) => Promise<T> = (wait) => wait();
  #isAsked = false;
  #stopListening: () => void = () => {};
  #end: { readonly error?: unknown } | undefined;

  /** `signal`: as soon as it aborts, what was not read is read no more. */
  constructor(ask: Ask, signal: AbortSignal | undefined) {
    this.#ask = ask;
    this.#signal = signal;
    this.#items.onItem = () => this.#serve();
  }

  /** Each wait for an item happens within this. */
  waitWithin(outside: <T>(wait: () => Promise<T>) => Promise<T>): this {
    this.#while = outside;
    return this;
  }

  /** The next item. Throws what ended the stream, once. */
  next(): Promise<IteratorResult<Item>> {
    this.#begin();
    const isThere = this.#readers.length === 0 && (this.#items.isReady || this.#end !== undefined);
    return atCaller(isThere ? this.#wait() : this.#while(() => this.#wait()));
  }

  /** Ends the stream, and cancels the request if it has no answer yet. */
  async return(): Promise<IteratorResult<Item>> {
    this.#isAsked = true;
    this.#finish({});
    this.#items.drop();
    this.#left.abort(new DOMException('The stream was left', 'AbortError'));
    return DONE;
  }

  /** All items, once the last one is here. */
  async toArray(): Promise<Item[]> {
    const all: Item[] = [];
    for await (const item of this) all.push(item);
    return all;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #begin(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#stopListening = onAbort(this.#signal, () => {
      // With the last item the request has ended.
      if (!this.#items.isComplete) this.#items.drop();
    });
    this.#ask(this.#items, this.#left.signal).then(
      (response) => this.#answered(response),
      (error: unknown) => this.#finish({ error }),
    );
  }

  #wait(): Promise<IteratorResult<Item>> {
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#serve();
    });
  }

  #answered({ payload, source, operation }: Response): void {
    const isList = Array.isArray(payload);
    // Of a stream, all items are here already.
    if (isList && this.#items.total === undefined) this.#items.takeAll(payload);
    if (isList) this.#finish({});
    else this.#finish({ error: noList(source, operation, payload) });
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#stopListening();
    this.#serve();
  }

  /** Gives those who wait what there is. */
  #serve(): void {
    for (let reader = this.#readers[0]; reader; reader = this.#readers[0]) {
      const item = this.#items.shift();
      if (!item && !this.#end) return;
      this.#readers.shift();
      if (item) reader.resolve({ value: item.value as Item, done: false });
      else this.#tellEnd(reader);
    }
  }

  #tellEnd(reader: Reader<Item>): void {
    const { error } = this.#end as { readonly error?: unknown };
    // The error is thrown once; after that the stream is simply over.
    this.#end = {};
    if (error === undefined) reader.resolve(DONE);
    else reader.reject(error);
  }
}

function noList(source: string, operation: string, payload: unknown): MessageError {
  const text = `The answer of ${source} to ${operation} is no list of items, got ${kindOf(payload)}: ask for it by a request.`;
  return new MessageError('PAYLOAD_INVALID', text);
}
