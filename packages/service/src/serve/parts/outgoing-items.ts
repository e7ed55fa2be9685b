import { isIntersectError } from '@intersect-sdk/core';
import { CREDIT_BYTES, CREDIT_ITEMS, delay, nextTurn } from '@intersect-sdk/core/internal';

/** The most that one message carries, unless a single item is larger. */
const PART_BYTES = 256 * 1024;
const SEND_AGAIN_AFTER_MS = 1_000;

interface OutgoingItemsOptions {
  /** Resolves when a broker has them. */
  readonly send: (payload: Uint8Array, seq: number) => Promise<void>;
  /** No broker knows the asker any more. */
  readonly onAskerGone: () => void;
}

/**
 * The items of one stream on their way to its reader. One message is under way at a time, with all items that have come meanwhile, so
 * that they keep their order over lost connections. Each is kept until the reader has read it, so that it can be sent again.
 */
export class OutgoingItems {
  readonly #options: OutgoingItemsOptions;
  /** Those from number `#read` on. */
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #read = 0;
  /** How many the reader has said that it has read, which may be more than there were: an earlier process gave it those. */
  #credited = 0;
  /** The number of the next to send. */
  #next = 0;
  #sending: Promise<void> | undefined;
  readonly #ended = new AbortController();
  #failure: unknown;
  #onRoom: (() => void) | undefined;

  constructor(options: OutgoingItemsOptions) {
    this.#options = options;
  }

  /** How many there were so far. */
  get count(): number {
    return this.#read + this.#kept.length;
  }

  /** Of those that the reader may want again. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Whether the reader is so far behind that the next one has to wait. */
  get isFull(): boolean {
    return this.#kept.length >= CREDIT_ITEMS || this.#keptBytes >= CREDIT_BYTES;
  }

  /** Resolves when the next one may come, or when there is a reason to look why not. Throws what no item can be sent for. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.isFull && this.#failure === undefined && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends the wait for room. */
  wake(): void {
    this.#onRoom?.();
    this.#onRoom = undefined;
  }

  /** Takes an item, encoded. Says whether it is wanted: one that the reader has read is let go. */
  add(item: Uint8Array): boolean {
    if (this.count < this.#credited) {
      this.#read += 1;
      this.#next = Math.max(this.#next, this.#read);
      return false;
    }
    this.#kept.push(item);
    this.#keptBytes += item.byteLength;
    this.#send();
    return true;
  }

  /** The reader has read the first `count`. What it says twice, or too late, changes nothing. */
  credit(count: number): void {
    this.#credited = Math.max(this.#credited, count);
    const dropped = this.#kept.splice(0, Math.max(0, Math.min(count, this.count) - this.#read));
    if (dropped.length === 0) return;
    for (const { byteLength } of dropped) this.#keptBytes -= byteLength;
    this.#read += dropped.length;
    this.#next = Math.max(this.#next, this.#read);
    this.wake();
  }

  /** Sends those from this number on again. */
  resend(from: number): void {
    this.#next = Math.max(this.#read, Math.min(from, this.#next));
    this.#send();
  }

  /** Resolves when brokers have all, or when the signal aborts. Throws what one of them cannot be sent for. */
  async out(signal: AbortSignal): Promise<void> {
    while (this.#sending && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve;
        void this.#sending?.then(resolve);
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Sends none any more, and keeps none. */
  end(): void {
    this.#ended.abort();
    this.#kept = [];
    this.#keptBytes = 0;
    this.wake();
  }

  #send(): void {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    // Those of one turn travel together.
    await nextTurn();
    while (this.#next < this.count && !this.#ended.signal.aborted) {
      const seq = this.#next;
      const items = this.#part(seq);
      try {
        await this.#options.send(listOf(items), seq);
        // It may have been asked for again meanwhile.
        if (this.#next === seq) this.#next = seq + items.length;
      } catch (error) {
        const known = isIntersectError(error) ? error : undefined;
        if (known?.code === 'UNROUTABLE') return this.#options.onAskerGone();
        if (!known?.retryable) {
          this.#failure = error;
          return this.wake();
        }
        await delay(SEND_AGAIN_AFTER_MS, this.#ended.signal);
      }
    }
  }

  /** As many as one message takes. */
  #part(seq: number): readonly Uint8Array[] {
    const from = seq - this.#read;
    let to = from;
    let bytes = 0;
    do {
      bytes += this.#kept[to]?.byteLength ?? 0;
      to += 1;
    } while (to < this.#kept.length && bytes + (this.#kept[to]?.byteLength ?? 0) <= PART_BYTES);
    return this.#kept.slice(from, to);
  }
}

const [OPEN, COMMA, CLOSE] = ['[', ',', ']'].map((text) => text.charCodeAt(0)) as [number, number, number];

/** The JSON array of items that are encoded already. */
export function listOf(items: readonly Uint8Array[]): Uint8Array {
  const bytes = items.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const list = new Uint8Array(bytes + Math.max(0, items.length - 1) + 2);
  list[0] = OPEN;
  let at = 1;
  for (const [index, item] of items.entries()) {
    if (index > 0) list[at++] = COMMA;
    list.set(item, at);
    at += item.byteLength;
  }
  list[at] = CLOSE;
  return list;
}
