import {
  DataError,
  type DataStore,
  type Issue,
  MessageError,
  ValidationError,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  type DataBody,
  type DataPointer,
  type DataStoreOrConfig,
  encodeDataPointer,
  FieldReader,
  type FurtherHeaders,
  isStore,
  parseDataPointer,
  type ResolvedDataStoreConfig,
  SHA256_HEADER,
  settlesWithin,
  untilAborted,
  WorkCount,
} from '@intersect-sdk/core/internal';
import type { Reporter } from '../observe/report.js';
import { checkedStream, type DataRules, type StreamEnd, throwIfTooLarge } from './checked-stream.js';
import { collect } from './collect.js';
import { OutgoingData } from './outgoing-data.js';
import { type StoreWait, whileAway } from './while-away.js';

/** What a payload becomes that travels by reference. */
export interface StoredPayload {
  readonly pointer: DataPointer;
  /** The payload of the message. */
  readonly payload: Uint8Array;
  /** What the message says of the data besides. */
  readonly headers: FurtherHeaders;
}

/** Data to put, and what is known of them. */
export interface DataToStore {
  readonly data: DataBody;
  readonly contentType: string;
  /** Names the object: the same key is the same data. */
  readonly key: string;
}

/** Data on their way in. */
export interface OpenedData {
  readonly pointer: DataPointer;
  readonly body: ReadableStream<Uint8Array>;
  /** In bytes, where it is known. */
  readonly size: number | undefined;
  /** Lets go of data that nobody reads any more; does nothing after the end. */
  close(): void;
}

export interface OpenOptions extends StoreWait {
  /** The data, for the sentence of an error. */
  readonly what: string;
  /** @default no limit */
  readonly maxBytes?: number | undefined;
  /** Delete the data once they were read to their end and are right. @default false */
  readonly removeWhenRead?: boolean | undefined;
  /** Stands over the program's own `keepData`. */
  readonly keepData?: boolean | undefined;
  /** Told once. */
  readonly onEnded?: ((end: StreamEnd) => void) | undefined;
}

export interface DataPlaneOptions {
  /** Payloads are put into the first store and read from any of them. Plain values become stores at `start`. */
  readonly dataStores: readonly DataStoreOrConfig[];
  readonly storeFor: (config: ResolvedDataStoreConfig) => Promise<DataStore>;
  /** The address of the program. */
  readonly owner: string;
  /** Of data that are held in memory as a whole. */
  readonly maxDataBytes: number;
  /** Larger payloads travel by reference; undefined: none by themselves. */
  readonly offloadAboveBytes: number | undefined;
  /** Nothing that was read is deleted. */
  readonly keepData: boolean;
  /** How long a store is waited for that is away, where no request's time says it, in ms. */
  readonly waitMs: number;
  readonly report: Reporter;
}

type Referring = Pick<WireMessage, 'payload' | 'headers'>;

/** Payloads that travel by reference (protocol section 8): puts them into a data store, reads them, and deletes what was read. */
export class DataPlane {
  readonly #options: DataPlaneOptions;
  /** How often data are being read now, by where they lie. */
  readonly #reading = new Map<string, number>();
  readonly #deletions = new WorkCount();
  #stores: readonly DataStore[];
  #ended = new AbortController();

  constructor(options: DataPlaneOptions) {
    this.#options = options;
    this.#stores = options.dataStores.filter(isStore);
  }

  /** Makes stores of the plain values, once. Throws ConfigError where that can't be done. */
  async start(): Promise<void> {
    const { dataStores, storeFor } = this.#options;
    if (this.#stores.length === dataStores.length) return;
    this.#stores = await Promise.all(dataStores.map((store) => (isStore(store) ? store : storeFor(store))));
  }

  /** Aborts when the program gives up what it does with data stores. */
  get running(): AbortSignal {
    return this.#ended.signal;
  }

  get canStore(): boolean {
    return this.#stores.length > 0;
  }

  get waitMs(): number {
    return this.#options.waitMs;
  }

  get maxDataBytes(): number {
    return this.#options.maxDataBytes;
  }

  /** Whether a payload of so many bytes travels by reference by itself. */
  offloads(bytes: number): boolean {
    const { offloadAboveBytes } = this.#options;
    return offloadAboveBytes !== undefined && bytes > offloadAboveBytes && this.canStore;
  }

  /**
   * Puts data into the first store. Where they are there already, those that lie there count. Throws what the store throws,
   * DATA_HANDLER_UNSUPPORTED without a store, or SCHEMA_MISMATCH for a store that gives no pointer.
   */
  async put({ data, contentType, key }: DataToStore, wait: StoreWait): Promise<StoredPayload> {
    const [store] = this.#stores;
    if (!store) throw new MessageError('DATA_HANDLER_UNSUPPORTED', 'This program has no data store.');
    const { owner } = this.#options;
    const { signal } = wait;
    const outgoing = new OutgoingData(data);
    const { size } = outgoing;
    const once = async (): Promise<StoredPayload> => {
      const { body, sha256 } = outgoing.open();
      const stored = await store.put({ body, contentType, size, owner, key }, { signal });
      const pointer = checkedPointer(stored, store);
      // What was there already can be other bytes than these, e.g. of a first run: only the store knows their checksum.
      const checksum = stored.sha256 ?? (stored.existed ? undefined : await sha256());
      const headers: FurtherHeaders = checksum === undefined ? {} : { [SHA256_HEADER]: checksum };
      return { pointer, payload: encodeDataPointer(pointer), headers };
    };
    try {
      return await whileAway(once, { ...wait, mayRepeat: () => outgoing.mayOpenAgain });
    } finally {
      // Does nothing to what was read to its end.
      await outgoing.release(signal.reason);
    }
  }

  /** The whole of data that travel in the message. Throws DATA_TOO_LARGE beyond `maxDataBytes`, and what the data fail with. */
  async gather(data: DataBody, what: string): Promise<Uint8Array> {
    if (data instanceof Uint8Array) return data;
    const outgoing = new OutgoingData(data);
    const rules = { what, size: outgoing.size, sha256: undefined, maxBytes: this.maxDataBytes };
    try {
      throwIfTooLarge(outgoing.size, rules);
      const { body } = outgoing.open();
      const { stream } = checkedStream(body as ReadableStream<Uint8Array>, rules, () => {});
      return await collect(stream, outgoing.size);
    } finally {
      await outgoing.release(undefined);
    }
  }

  /** Lets go of data that will not be sent. */
  discard(data: DataBody): Promise<void> {
    return new OutgoingData(data).release(undefined);
  }

  /**
   * Opens the data that a message points at; the caller reads them or cancels. Throws what the store throws, PAYLOAD_INVALID for a message
   * that is no pointer, DATA_STORE_UNKNOWN for a store that this program does not know, DATA_TOO_LARGE.
   */
  async open(message: Referring, options: OpenOptions): Promise<OpenedData> {
    const pointer = parseDataPointer(message.payload);
    const store = this.#storeOf(pointer);
    const { signal, maxBytes, what, onEnded, removeWhenRead, keepData } = options;
    const leave = this.#enter(pointer);
    try {
      const { body, size } = await whileAway(() => store.get(pointer, { signal }), options);
      const sha256 = message.headers[SHA256_HEADER]?.toLowerCase();
      const rules: DataRules = { what, size, sha256, maxBytes };
      try {
        throwIfTooLarge(size, rules);
      } catch (error) {
        void body.cancel(error).catch(() => {});
        throw error;
      }
      const { stream, close } = checkedStream(body, rules, (end) => {
        leave();
        onEnded?.(end);
        if (end === 'read' && removeWhenRead) void this.remove(pointer, keepData);
      });
      return { pointer, body: stream, size, close };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The whole of the data that a message points at; read again where they were cut. Throws as `open`. */
  async read(
    message: Referring,
    options: StoreWait & { readonly what: string },
  ): Promise<{
    readonly pointer: DataPointer;
    readonly bytes: Uint8Array;
  }> {
    const pointer = parseDataPointer(message.payload);
    const once = async () => {
      const { body, size } = await this.open(message, {
        ...options,
        maxBytes: this.maxDataBytes,
        // It is the whole that is repeated.
        mayRepeat: () => false,
      });
      return { pointer, bytes: await collect(body, size) };
    };
    // Also between two tries.
    const leave = this.#enter(pointer);
    try {
      return await whileAway(once, options);
    } finally {
      leave();
    }
  }

  /** Deletes data whose reader has succeeded, or that nobody will read. Never rejects: a failure is reported. */
  async remove(pointer: DataPointer, keepData = this.#options.keepData): Promise<void> {
    if (keepData) return;
    this.#deletions.enter();
    const { report, waitMs: withinMs } = this.#options;
    const { signal } = this.#ended;
    try {
      const store = this.#storeOf(pointer);
      await whileAway(() => untilAborted(store.delete(pointer, { signal }), 'Deleting data', signal), {
        signal,
        withinMs,
      });
    } catch (error) {
      const { url, bucket, objectId } = pointer;
      const message = `The object ${objectId} in bucket ${bucket} of ${url} could not be deleted: it stays there until somebody deletes it or it expires.`;
      report({ kind: 'data-not-deleted', message, error });
    } finally {
      this.#deletions.leave();
    }
  }

  /** As `remove`, of the data that a message points at which nobody waits for; not while somebody reads them. */
  async removeUnread({ payload }: Referring): Promise<void> {
    let pointer: DataPointer;
    try {
      pointer = parseDataPointer(payload);
      this.#storeOf(pointer);
    } catch {
      // Where the data lie is not known, and the message was reported as one that nobody waits for.
      return;
    }
    if (!this.#reading.has(nameOf(pointer))) await this.remove(pointer);
  }

  /** Resolves when all that is being deleted is, or after this time; what is under way by then is given up. */
  async end(withinMs: number): Promise<void> {
    await settlesWithin(this.#deletions.idle(), withinMs);
    this.#ended.abort();
    this.#ended = new AbortController();
    await this.#deletions.idle();
  }

  #enter(pointer: DataPointer): () => void {
    const name = nameOf(pointer);
    this.#reading.set(name, (this.#reading.get(name) ?? 0) + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const readers = (this.#reading.get(name) ?? 1) - 1;
      if (readers === 0) this.#reading.delete(name);
      else this.#reading.set(name, readers);
    };
  }

  #storeOf({ url }: DataPointer): DataStore {
    const store = this.#stores.find(
      ({ url: own, alsoKnownAs = [] }) => own === url || alsoKnownAs.includes(url),
    );
    if (store) return store;
    const text = `The payload lies in a data store that this program does not know: ${printableUrl(url)}. Name it in dataStores, or in alsoKnownAs of one of them.`;
    throw new DataError('DATA_STORE_UNKNOWN', text);
  }
}

/** Of a stranger's message, which can hold anything. */
function printableUrl(url: string): string {
  return url.length <= 200 && URL.canParse(url) ? new URL(url).origin : '[no URL]';
}

function nameOf({ url, bucket, objectId }: DataPointer): string {
  return `${url} ${bucket} ${objectId}`;
}

/** Checked here, because a broken pointer would otherwise be noticed only by the receiver. */
function checkedPointer(given: DataPointer, store: DataStore): DataPointer {
  const issues: Issue[] = [];
  const read = new FieldReader(given, issues);
  const pointer = {
    url: read.requiredText('url', { oneOf: [store.url] }),
    bucket: read.requiredText('bucket', { minLength: 1 }),
    objectId: read.requiredText('objectId', { minLength: 1 }),
  };
  if (issues.length === 0) return pointer;
  throw new ValidationError(`The data store ${store.url} gave a pointer that cannot be used`, issues);
}
