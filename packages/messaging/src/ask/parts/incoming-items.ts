import { CREDIT_BYTES, CREDIT_ITEMS } from '@intersect-sdk/core/internal';

/** How much is read before the service is told so: early enough that it need not wait. */
const CREDIT_AFTER_ITEMS = CREDIT_ITEMS / 2;
const CREDIT_AFTER_BYTES = CREDIT_BYTES / 4;

interface Part {
  readonly values: readonly unknown[];
  readonly bytes: number;
}

interface Item {
  readonly value: unknown;
  readonly bytes: number;
}

/** Who is told how the reading goes on. */
interface IncomingItemsListener {
  /** The first `count` are read. */
  onRead(count: number): void;
}

/** The items of one stream, in their order and each once, from the messages that they come in to their reader. */
export class IncomingItems {
  /** Called when there is one to read. */
  onItem: () => void = () => {};
  /** Whether the items of a second run are those of the first. */
  mayBeginAnew = false;
  #listener: IncomingItemsListener | undefined;
  readonly #ready: Item[] = [];
  /** What came before its turn, by the number of its first item. */
  readonly #early = new Map<number, Part>();
  /** The number of the first that has not come. */
  #next = 0;
  #read = 0;
  #told = 0;
  #bytesSinceTold = 0;
  #total: number | undefined;

  /** The number of the first that has not come. */
  get next(): number {
    return this.#next;
  }

  /** How many the reader has read. */
  get read(): number {
    return this.#read;
  }

  /** Whether there is one to read. */
  get isReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Whether some have come, but not those before them. */
  get hasGap(): boolean {
    return this.#early.size > 0;
  }

  get isComplete(): boolean {
    return this.#total !== undefined && this.#next >= this.#total;
  }

  /** Whether the service does not care how far the reader is. */
  get isOverrun(): boolean {
    return this.#ready.length + this.#early.size > 4 * CREDIT_ITEMS;
  }

  /** How many there are in all, once the service has said so. */
  get total(): number | undefined {
    return this.#total;
  }

  listen(listener: IncomingItemsListener): void {
    this.#listener = listener;
  }

  /** There are no more than these. */
  end(total: number): void {
    this.#total = total;
  }

  /** Takes a message of items. Those that were here before are dropped. */
  take(seq: number, part: Part): void {
    if (seq + part.values.length <= this.#next) return;
    this.#early.set(seq, part);
    for (let found = this.#inTurn(); found; found = this.#inTurn()) this.#append(...found);
    if (this.#ready.length > 0) this.onItem();
  }

  /** All items at once, of a service that does not give them one by one. */
  takeAll(values: readonly unknown[]): void {
    this.take(this.#next, { values, bytes: 0 });
    this.#total = this.#next;
  }

  /** The next one to read; undefined where there is none. */
  shift(): { readonly value: unknown } | undefined {
    const item = this.#ready.shift();
    if (!item) return undefined;
    this.#read += 1;
    this.#bytesSinceTold += item.bytes;
    const isDue = this.#read - this.#told >= CREDIT_AFTER_ITEMS || this.#bytesSinceTold >= CREDIT_AFTER_BYTES;
    // Once the answer is here, nothing more comes that would have to be asked for.
    if (isDue && this.#total === undefined) this.tellRead();
    return item;
  }

  /** Nothing is read any more. */
  drop(): void {
    this.#ready.length = 0;
    this.#early.clear();
  }

  /** Tells the service how far the reader is. */
  tellRead(): void {
    this.#told = this.#read;
    this.#bytesSinceTold = 0;
    this.#listener?.onRead(this.#read);
  }

  #inTurn(): [number, Part] | undefined {
    for (const [seq, part] of this.#early) {
      if (seq > this.#next) continue;
      this.#early.delete(seq);
      return [seq, part];
    }
    return undefined;
  }

  #append(seq: number, { values, bytes }: Part): void {
    const fresh = values.slice(this.#next - seq);
    for (const value of fresh) this.#ready.push({ value, bytes: bytes / values.length });
    this.#next += fresh.length;
  }
}
