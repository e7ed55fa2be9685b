import { createHash } from 'node:crypto';
import {
  DataError,
  type DataPointer,
  type DataStore,
  type DataStoreOptions,
  type DataToPut,
  newId,
  type StoredData,
  type StoredPointer,
} from '@intersect-sdk/core';

interface Kept {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** A data store in memory, with one bucket for each owner by that owner's name, that counts what it is asked. */
export class MemoryStore implements DataStore {
  readonly url: string;
  readonly alsoKnownAs: readonly string[];
  /** By bucket and id. */
  readonly objects = new Map<string, Kept>();
  readonly calls: string[] = [];
  /** Called with each chunk that is read of a stream which is put. */
  onChunk: (chunk: Uint8Array) => void | Promise<void> = () => {};
  /** The errors with which calls of `put` ended. */
  readonly failedPuts: unknown[] = [];
  readonly #bucket: string;
  readonly #settlements: (() => void)[] = [];

  constructor(bucket: string, url = 'http://store.invalid:9000', alsoKnownAs: readonly string[] = []) {
    this.#bucket = bucket;
    this.url = url;
    this.alsoKnownAs = alsoKnownAs;
  }

  /** Resolves when the next call of `put` has failed. */
  nextFailedPut(): Promise<void> {
    return new Promise((resolve) => this.#settlements.push(resolve));
  }

  async put(
    { body, contentType, key = newId() }: DataToPut,
    _options: DataStoreOptions,
  ): Promise<StoredPointer> {
    this.calls.push('put');
    try {
      const pointer = { url: this.url, bucket: this.#bucket, objectId: key };
      const there = this.objects.get(nameOf(pointer));
      if (there) {
        if (!(body instanceof Uint8Array)) await body.cancel();
        const sha256 = createHash('sha256').update(there.bytes).digest('hex');
        return { ...pointer, existed: true, size: there.bytes.byteLength, sha256 };
      }
      const chunks: Uint8Array[] = [];
      if (body instanceof Uint8Array) chunks.push(body);
      else {
        for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
          chunks.push(chunk);
          await this.onChunk(chunk);
        }
      }
      this.objects.set(nameOf(pointer), { bytes: new Uint8Array(Buffer.concat(chunks)), contentType });
      return pointer;
    } catch (error) {
      this.failedPuts.push(error);
      for (const settle of this.#settlements.splice(0)) settle();
      throw error;
    }
  }

  async get(pointer: DataPointer, _options: DataStoreOptions): Promise<StoredData> {
    this.calls.push('get');
    const kept = this.objects.get(nameOf(pointer));
    if (!kept) throw new DataError('DATA_GONE', `http://inner-host:9000 has no ${nameOf(pointer)}`);
    const { bytes, contentType } = kept;
    return { body: new Blob([bytes as BlobPart]).stream(), contentType, size: bytes.byteLength };
  }

  async delete(pointer: DataPointer): Promise<void> {
    this.calls.push('delete');
    this.objects.delete(nameOf(pointer));
  }
}

export function nameOf({ bucket, objectId }: { bucket: string; objectId: string }): string {
  return `${bucket}/${objectId}`;
}
