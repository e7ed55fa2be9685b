import { MessageError } from '@intersect-sdk/core';
import type { EventHandler, EventMessage } from './event-listening.js';

/** What to do with an event that comes in while the buffer is full. Each one that is thrown away is reported. */
export type Overflow =
  /** Throw away the one that waits longest. */
  | 'drop-oldest'
  /** Throw away the one that came in. */
  | 'drop-newest'
  /** End the stream with an error. */
  | 'fail';

export interface EventStreamOptions {
  readonly bufferSize: number;
  readonly overflow: Overflow;
  /** Begins listening; resolves when the brokers confirmed, with the way to end it. */
  readonly listen: (handler: EventHandler) => Promise<() => Promise<void>>;
  /** Told of each event that was thrown away. */
  readonly onDropped: (event: EventMessage) => void;
  readonly onEnded: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Events as an async iterable: `for await (const event of stream)`. Listening begins at once, so nothing
 * after `await stream.ready` is missed. Leaving the loop, `stop()`, `await using` and the signal all end
 * it. One reader at a time.
 */
export class EventStream implements AsyncIterableIterator<EventMessage>, AsyncDisposable {
  /** Resolves when the brokers confirmed the subscription. Rejects when they refused it. */
  readonly ready: Promise<void>;
  readonly #options: EventStreamOptions;
  readonly #buffer: EventMessage[] = [];
  readonly #listening: Promise<() => Promise<void>>;
  #reader: { resolve(result: IteratorResult<EventMessage>): void; reject(error: unknown): void } | undefined;
  #end: { readonly error?: unknown } | undefined;
  readonly #onAbort = (): void => void this.stop();

  constructor(options: EventStreamOptions) {
    this.#options = options;
    const { signal } = options;
    this.#listening = options.listen((event) => this.#push(event));
    this.ready = this.#listening.then(() => {});
    this.ready.catch((error: unknown) => this.#finish({ error }));
    if (signal?.aborted) void this.stop();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  next(): Promise<IteratorResult<EventMessage>> {
    const event = this.#buffer.shift();
    if (event) return Promise.resolve({ value: event, done: false });
    if (this.#end) {
      const { error } = this.#end;
      // The error is thrown once; after that the stream is simply over.
      this.#end = {};
      return error === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<EventMessage>> {
    await this.stop();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Stops listening and ends the loop; what is buffered can still be read. Idempotent. */
  async stop(): Promise<void> {
    if (this.#end) return;
    this.#finish({});
    const unsubscribe = await this.#listening.catch(() => undefined);
    await unsubscribe?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #push(event: EventMessage): void {
    if (this.#end) return;
    const { bufferSize, overflow, onDropped } = this.#options;
    if (this.#reader) {
      const { resolve } = this.#reader;
      this.#reader = undefined;
      resolve({ value: event, done: false });
    } else if (this.#buffer.length < bufferSize) {
      this.#buffer.push(event);
    } else if (overflow === 'drop-oldest') {
      const oldest = this.#buffer.shift();
      this.#buffer.push(event);
      if (oldest) onDropped(oldest);
    } else {
      onDropped(event);
      if (overflow === 'drop-newest') return;
      const text = `More than ${bufferSize} events wait to be read. Read faster, or raise bufferSize.`;
      void this.#fail(new MessageError('EVENTS_OVERFLOWED', text));
    }
  }

  async #fail(error: MessageError): Promise<void> {
    this.#finish({ error });
    const unsubscribe = await this.#listening.catch(() => undefined);
    await unsubscribe?.();
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#options.onEnded();
    if (!this.#reader) return;
    const { resolve, reject } = this.#reader;
    this.#reader = undefined;
    if (end.error === undefined) resolve({ value: undefined, done: true });
    else {
      this.#end = {};
      reject(end.error);
    }
  }
}
