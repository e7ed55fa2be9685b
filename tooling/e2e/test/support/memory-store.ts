// A data store in memory that fails on demand.
import { createHash } from 'node:crypto';
import {
  DataError,
  type DataPointer,
  type DataStore,
  type DataStoreOptions,
  type DataToPut,
  type Hierarchy,
  hierarchyOf,
  newId,
  type StoredData,
  type StoredPointer,
} from '@intersect-sdk/core';
import { bucketNameOf } from '@intersect-sdk/core/internal';

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

const EXTENSIONS: Readonly<Record<string, string>> = { 'application/json': '.json', 'image/png': '.png' };

/** How many bytes a piece of a stream has. */
const PIECE = 1_024;

/** What can go wrong, and how often it does; each is counted down. */
interface Faults {
  /** Nothing can be reached. */
  away: number;
  /** Nothing can be put. */
  full: number;
  /** What is read ends before its end. */
  cut: number;
  /** Nothing can be deleted. */
  undeletable: number;
}

export class MemoryStore implements DataStore {
  readonly url: string;
  readonly alsoKnownAs: readonly string[];
  /** By bucket and name. */
  readonly objects = new Map<string, StoredObject>();
  /** What was asked of it, in order, e.g. `put` and `delete`. */
  readonly calls: string[] = [];
  readonly faults: Faults = { away: 0, full: 0, cut: 0, undeletable: 0 };
  /** The longest that data were in memory of the program as one piece, in bytes. */
  largestPiece = 0;
  /** How many streams were left before their end. */
  cancelled = 0;
  /** Whether it says how large data are that are read. */
  tellsSize = true;
  /** Whether it knows the checksum of what was there already. */
  tellsChecksum = true;
  /** Waited for before anything is done. */
  gate: Promise<void> | undefined;
  #getGate: Promise<void> | undefined;
  #deleteGate: Promise<void> | undefined;
  #waiting: { readonly isThere: () => boolean; readonly resolve: () => void }[] = [];

  constructor(url = 'http://127.0.0.1:9000', alsoKnownAs: readonly string[] = []) {
    this.url = url;
    this.alsoKnownAs = alsoKnownAs;
  }

  /** Resolves as soon as it is so, which is looked at after each call. */
  until(isThere: () => boolean): Promise<void> {
    if (isThere()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isThere, resolve }));
  }

  readonly isEmpty = (): boolean => this.objects.size === 0;

  /** Holds what is to be read until it is told to go on. */
  holdGets(): () => void {
    let release = (): void => {};
    this.#getGate = new Promise<void>((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** Holds what is to be deleted until it is told to go on. */
  holdDeletes(): () => void {
    let release = (): void => {};
    this.#deleteGate = new Promise<void>((resolve) => {
      release = resolve;
    });
    return release;
  }

  get names(): string[] {
    return [...this.objects.keys()];
  }

  /** Puts an object there by hand. */
  add(bytes: Uint8Array, contentType = 'application/octet-stream'): DataPointer {
    const objectId = newId();
    this.objects.set(`test/${objectId}`, { bytes, contentType });
    return { url: this.url, bucket: 'test', objectId };
  }

  /** Changes a byte of each object. */
  spoil(): void {
    for (const [name, { bytes, contentType }] of this.objects) {
      const other = Uint8Array.from(bytes);
      other[0] = (other[0] ?? 0) ^ 1;
      this.objects.set(name, { bytes: other, contentType });
    }
  }

  async put(data: DataToPut, { signal }: DataStoreOptions): Promise<StoredPointer> {
    return this.#do('put', signal, async () => {
      if (this.#fails('full')) throw new DataError('DATA_STORE_FULL', 'The test store is full.');
      const bucket = bucketNameOf(hierarchyOf(data.owner) as Hierarchy);
      const objectId = `${data.key ?? newId()}${EXTENSIONS[data.contentType] ?? ''}`;
      const name = `${bucket}/${objectId}`;
      const there = this.objects.get(name);
      if (there) {
        const { bytes } = there;
        return {
          url: this.url,
          bucket,
          objectId,
          existed: true,
          sha256: this.tellsChecksum ? sha256(bytes) : undefined,
          size: bytes.byteLength,
        };
      }
      const bytes = await this.#collected(data.body, signal);
      if (data.size !== undefined && data.size !== bytes.byteLength) throw new Error('another size was told');
      this.objects.set(name, { bytes, contentType: data.contentType });
      return { url: this.url, bucket, objectId };
    });
  }

  async get({ bucket, objectId }: DataPointer, { signal }: DataStoreOptions): Promise<StoredData> {
    await this.#getGate;
    return this.#do('get', signal, async () => {
      const found = this.objects.get(`${bucket}/${objectId}`);
      if (!found) throw new DataError('DATA_GONE', `The test store has no object ${objectId}.`);
      const { bytes, contentType } = found;
      const end = this.#fails('cut') ? Math.floor(bytes.byteLength / 2) : bytes.byteLength;
      let at = 0;
      const body = new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            if (signal.aborted) return controller.error(signal.reason);
            const piece = bytes.slice(at, Math.min(at + PIECE, end));
            at += piece.byteLength;
            if (piece.byteLength > 0) controller.enqueue(piece);
            else if (end === bytes.byteLength) controller.close();
            else controller.error(new DataError('DATA_CUT', 'The test store was cut off.'));
          },
          cancel: () => {
            this.cancelled += 1;
          },
        },
        { highWaterMark: 0 },
      );
      return { body, contentType, size: this.tellsSize ? bytes.byteLength : undefined };
    });
  }

  async delete({ bucket, objectId }: DataPointer, { signal }: DataStoreOptions): Promise<void> {
    await this.#deleteGate;
    return this.#do('delete', signal, async () => {
      if (this.#fails('undeletable'))
        throw new DataError('DATA_STORE_REFUSED', 'The test store deletes nothing.');
      this.objects.delete(`${bucket}/${objectId}`);
    });
  }

  async #do<T>(call: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    this.calls.push(call);
    try {
      await this.gate;
      signal.throwIfAborted();
      if (this.#fails('away')) throw new DataError('DATA_STORE_AWAY', 'The test store is away.');
      return await work();
    } finally {
      // After the caller has been told.
      queueMicrotask(() => this.#tell());
    }
  }

  #fails(fault: keyof Faults): boolean {
    if (this.faults[fault] === 0) return false;
    this.faults[fault] -= 1;
    return true;
  }

  #tell(): void {
    const done = this.#waiting.filter(({ isThere }) => isThere());
    this.#waiting = this.#waiting.filter((one) => !done.includes(one));
    for (const { resolve } of done) resolve();
  }

  async #collected(body: Uint8Array | ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Uint8Array> {
    if (body instanceof Uint8Array) {
      this.largestPiece = Math.max(this.largestPiece, body.byteLength);
      return Uint8Array.from(body);
    }
    const pieces: Uint8Array[] = [];
    const reader = body.getReader();
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return Uint8Array.from(Buffer.concat(pieces));
      this.largestPiece = Math.max(this.largestPiece, value.byteLength);
      pieces.push(Uint8Array.from(value));
    }
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
