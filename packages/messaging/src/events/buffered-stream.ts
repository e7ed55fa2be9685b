import { MessageError } from '@intersect-sdk/core';
import { onAbort } from '@intersect-sdk/core/internal';

/** What to do with one that comes in while the buffer is full. Each one that is thrown away is reported. */
export type Overflow =
  /** Throw away the one that waits longest. */
  | 'drop-oldest'
  /** Throw away the one that came in. */
  | 'drop-newest'
  /** End the stream with an error. */
  | 'fail';

export interface BufferedStreamOptions<T> {
  /** What comes in, in the plural, for sentences. */
  readonly what: string;
  readonly bufferSize: number;
  readonly overflow: Overflow;
  /** Begins listening; resolves when the brokers confirmed, with the way to end it. Gives up when the signal aborts. */
  readonly listen: (handler: (item: T) => void, signal: AbortSignal) => Promise<() => Promise<void>>;
  /** Called for each one that was thrown away. */
  readonly onDropped: (item: T) => void;
  readonly onEnded: () => void;
  readonly signal?: AbortSignal | undefined;
}

interface Reader<T> {
  resolve(result: IteratorResult<T>): void;
  reject(error: unknown): void;
}

/**
 * What comes in as an async iterable: `for await (const item of stream)`. Listening begins at once, so nothing
 * after `await stream.ready` is missed. Leaving the loop, `stop()`, `await using` and the signal all end
 * it.
 */
export class BufferedStream<T extends object> implements AsyncIterableIterator<T>, AsyncDisposable {
  /** Resolves when the brokers confirmed the subscription. Rejects when they refused it. */
  readonly ready: Promise<void>;
  readonly #options: BufferedStreamOptions<T>;
  readonly #buffer: T[] = [];
  readonly #listening: Promise<() => Promise<void>>;
  readonly #giveUp = new AbortController();
  #stopping: Promise<void> | undefined;
  /** The calls of `next()` that wait. While there are any, the buffer is empty. */
  readonly #readers: Reader<T>[] = [];
  #end: { readonly error?: unknown } | undefined;
  readonly #stopWaiting: () => void;

  constructor(options: BufferedStreamOptions<T>) {
    this.#options = options;
    const { signal } = options;
    this.#listening = options.listen((item) => this.#push(item), this.#giveUp.signal);
    this.ready = this.#listening.then(() => {});
    this.ready.catch((error: unknown) => this.#finish({ error }));
    this.#stopWaiting = onAbort(signal, () => void this.stop());
    // Deferred, because the callback may use the stream, which does not exist until the constructor has returned.
    if (signal?.aborted) queueMicrotask(() => void this.stop());
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#buffer.shift();
    if (item) return Promise.resolve({ value: item, done: false });
    if (this.#end) {
      const { error } = this.#end;
      // The error is thrown once; after that the stream is simply over.
      this.#end = {};
      return error === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<T>> {
    await this.stop();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Stops listening and ends the loop; what is buffered can still be read. Idempotent. */
  stop(): Promise<void> {
    return this.#stop({});
  }

  /** Like `stop()`, and the loop throws the error once it has read what is buffered. */
  fail(error: Error): Promise<void> {
    return this.#stop({ error });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #push(item: T): void {
    if (this.#end) return;
    const { what, bufferSize, overflow, onDropped } = this.#options;
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({ value: item, done: false });
    } else if (this.#buffer.length < bufferSize) {
      this.#buffer.push(item);
    } else if (overflow === 'drop-oldest') {
      const oldest = this.#buffer.shift();
      this.#buffer.push(item);
      if (oldest) onDropped(oldest);
    } else {
      onDropped(item);
      if (overflow === 'drop-newest') return;
      const text = `More than ${bufferSize} ${what} wait to be read. Read faster, or raise bufferSize.`;
      void this.fail(new MessageError('EVENTS_OVERFLOWED', text));
    }
  }

  #stop(end: { readonly error?: unknown }): Promise<void> {
    this.#finish(end);
    this.#stopping ??= this.#stopListening();
    return this.#stopping;
  }

  async #stopListening(): Promise<void> {
    this.#giveUp.abort();
    const unsubscribe = await this.#listening.catch(() => undefined);
    await unsubscribe?.();
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    this.#stopWaiting();
    this.#options.onEnded();
    if (end.error !== undefined && this.#readers.length > 0) {
      this.#readers.shift()?.reject(end.error);
      this.#end = {};
    }
    for (const reader of this.#readers.splice(0)) reader.resolve({ value: undefined, done: true });
  }
}
