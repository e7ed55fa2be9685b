import type { DataStore, DataToPut, StoredPointer } from '@intersect-sdk/core';
import { type Due, within } from '@intersect-sdk/core/internal';
import { malformed, Refusal, tooLarge } from './refusal.js';

/** What an upload is, and what it is held to. */
export interface UploadRules {
  readonly store: DataStore;
  readonly data: Omit<DataToPut, 'body'>;
  readonly maxDataBytes: number;
  readonly stallTimeoutMs: number;
  /** Called when the upload begins to wait for its next part. */
  readonly onWaiting: () => void;
}

/**
 * Data that come in parts, each in a request of its own, and that the store gets as one stream. Parts come in order and one at a time, so that
 * an upload holds no more than the part that comes in and the one that the store takes. A part may be sent again.
 */
export class Upload implements Due {
  readonly #rules: UploadRules;
  readonly #aborter = new AbortController();
  readonly #stored: Promise<StoredPointer>;
  /** Resolves when the store has ended, whatever came of it. */
  readonly settled: Promise<void>;
  /** When its next part must have begun. Never, while one is being taken. */
  dueAtMs: number;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #wanted = new Wanted();
  #taken = 0;
  #bytes = 0;
  #busy = false;
  #ended = false;

  constructor(rules: UploadRules) {
    this.#rules = rules;
    this.dueAtMs = performance.now() + rules.stallTimeoutMs;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#wanted.tell(),
      },
      { highWaterMark: 0 },
    );
    const { signal } = this.#aborter;
    this.#stored = (async () => rules.store.put({ ...rules.data, body }, { signal }))();
    this.settled = this.#stored.then(
      () => {},
      () => {},
    );
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /**
   * Takes a part. A number that was taken before is not read again: the page did not get its answer. Resolves, when the store has taken the part
   * before it, to undefined, or to where the data lie, where the store had them already and wants no more parts.
   */
  part(number: number, read: () => Promise<Uint8Array>): Promise<StoredPointer | undefined> {
    return this.#alone(async () => {
      if (number <= this.#taken) return undefined;
      if (number !== this.#taken + 1) throw malformed(`Part ${this.#taken + 1} comes next.`);
      const bytes = await read();
      const size = this.#bytes + bytes.byteLength;
      if (size > this.#rules.maxDataBytes) throw this.#failed(tooLarge(this.#rules.maxDataBytes));
      if (size > (this.#rules.data.size ?? size))
        throw this.#failed(malformed('There are more data than was said.'));
      const stored = await this.#untilWanted();
      if (stored) return stored;
      if (this.#ended) throw malformed('The upload was given up.');
      this.#wanted = new Wanted();
      this.#controller?.enqueue(bytes);
      this.#taken = number;
      this.#bytes = size;
      return undefined;
    });
  }

  /** Ends the data. Resolves to where they lie. The signal is that of the page, which may go away. */
  complete(signal: AbortSignal): Promise<StoredPointer> {
    return this.#alone(async () => {
      const { size = this.#bytes } = this.#rules.data;
      if (this.#bytes !== size) {
        throw this.#failed(malformed(`There are ${this.#bytes} bytes of data that have ${size}.`));
      }
      const leave = (): void => this.giveUp(new Error('The page went away.'));
      signal.addEventListener('abort', leave, { once: true });
      try {
        this.#controller?.close();
        return await this.#stored;
      } finally {
        signal.removeEventListener('abort', leave);
        this.#ended = true;
      }
    });
  }

  /** Nothing of it stays. */
  giveUp(reason: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#controller?.error(reason);
    this.#aborter.abort(reason);
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) {
      throw new Refusal(503, 'DATA_STORE_AWAY', 'Another part of this upload is being taken. Try again.');
    }
    this.#busy = true;
    this.dueAtMs = Number.POSITIVE_INFINITY;
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.dueAtMs = performance.now() + this.#rules.stallTimeoutMs;
      if (!this.#ended) this.#rules.onWaiting();
    }
  }

  /** Resolves when the store wants more, or to where the data lie, where it wants none. */
  async #untilWanted(): Promise<StoredPointer | undefined> {
    const late = (): Error =>
      new Refusal(503, 'DATA_STORE_AWAY', 'The data store takes no more data for now.');
    const wanted = this.#wanted.told.then(() => undefined);
    try {
      const stored = await within(Promise.race([wanted, this.#stored]), this.#rules.stallTimeoutMs, late);
      if (!stored) return undefined;
      if (!stored.existed) throw new Error('The store ended before the data did.');
      this.#ended = true;
      return stored;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): unknown {
    this.giveUp(error instanceof Error ? error : new Error('The store failed.'));
    return error;
  }
}

/** Whether the store wants more. */
class Wanted {
  readonly told: Promise<void>;
  tell: () => void = () => {};

  constructor() {
    this.told = new Promise((resolve) => {
      this.tell = resolve;
    });
  }
}
