import {
  ConfigError,
  DataError,
  type DataStore,
  type DataStoreOptions,
  type DataToPut,
  type StoredData,
  type StoredPointer,
  type UnclaimedData,
  type UnclaimedQuery,
} from '@intersect-sdk/core';
import type { DataPointer } from '@intersect-sdk/core/internal';
import { canSendPieces } from '#send';
import { Buckets } from './buckets.js';
import { bucketOf, objectIdOf, type Place, placeOf } from './names/places.js';
import { findObject, isWhole, sizeOf } from './objects/find-object.js';
import { type ObjectToPut, putBytes, putSized, type Stored } from './objects/put-object.js';
import { putParts } from './objects/put-parts.js';
import { unclaimedIn } from './objects/unclaimed.js';
import { type ResolvedS3StoreOptions, resolveS3StoreOptions, type S3StoreOptions } from './options.js';
import { errorOf, isOfAbsence, refusalOf } from './transfer/faults.js';
import { wholeBody } from './transfer/incoming.js';
import { S3Calls } from './transfer/s3-calls.js';
import type { StallWatch } from './transfer/stall-watch.js';

/** S3 takes no larger object in one request. */
const LARGEST_REQUEST_BYTES = 5 * 1024 ** 3;
const MOST_PARTS = 10_000;
const LONGEST_PRESIGNED_MS = 7 * 24 * 60 * 60 * 1000;
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/** A data store that speaks S3. Every method rejects with a `DataError` whose `code` says what is wrong, with ABORTED, or as it says. */
export interface S3Store extends DataStore {
  readonly alsoKnownAs: readonly string[];
  /** A URL from which anyone can fetch the data for this time, at most 7 days, without credentials. */
  presign(
    pointer: DataPointer,
    options: DataStoreOptions & { readonly expiresInMs: number },
  ): Promise<string>;
  /** What lies in the bucket of that program for longer than that, by the clock of the store. */
  unclaimed(query: UnclaimedQuery, options: DataStoreOptions): AsyncIterable<UnclaimedData>;
}

/**
 * A data store at any server that speaks S3: MinIO, versitygw, AWS and others. Data that the Python SDK put there can be read, and the other
 * way round (protocol section 8). Nothing is asked before data are stored or read, and nothing is tried twice: what can help when it is
 * tried again says so (`retryable`). Throws ConfigError with everything that is wrong with the options.
 */
export function s3Store(options: S3StoreOptions): S3Store {
  return new StoreAtS3(resolveS3StoreOptions(options));
}

class StoreAtS3 implements S3Store {
  readonly url: string;
  readonly alsoKnownAs: readonly string[];
  readonly #options: ResolvedS3StoreOptions;
  readonly #calls: S3Calls;
  readonly #buckets: Buckets;

  constructor(options: ResolvedS3StoreOptions) {
    this.url = options.url;
    this.alsoKnownAs = options.alsoKnownAs;
    this.#options = options;
    this.#calls = new S3Calls(options);
    this.#buckets = new Buckets(this.#calls, options);
  }

  async put(data: DataToPut, { signal }: DataStoreOptions): Promise<StoredPointer> {
    const watch = this.#calls.watch('Storing data in', signal);
    try {
      return await this.#put(data, watch);
    } catch (error) {
      // What is still under way ends, and the stream is told that nobody reads it.
      watch.abort(error);
      if (isStream(data.body) && !data.body.locked) await data.body.cancel(error).catch(() => {});
      throw error;
    } finally {
      watch.end();
    }
  }

  async get(pointer: DataPointer, { signal }: DataStoreOptions): Promise<StoredData> {
    const place = this.#placeOf(pointer);
    const watch = this.#calls.watch('Reading data from', signal);
    try {
      const answer = await this.#calls.send({ method: 'GET', ...place }, watch);
      if (!answer.ok) throw errorOf(await refusalOf(answer, watch), watch.what);
      if (!isWhole(answer)) {
        const text = `${watch.what}: what lies there is a part, because the connection of the program that stored it broke; let the data be sent again.`;
        throw new DataError('DATA_CORRUPT', text);
      }
      const size = sizeOf(answer);
      const contentType = answer.headers.get('content-type') ?? DEFAULT_CONTENT_TYPE;
      return { body: wholeBody(answer, { watch, size }), contentType, size };
    } catch (error) {
      watch.abort(error);
      throw error;
    }
  }

  async delete(pointer: DataPointer, { signal }: DataStoreOptions): Promise<void> {
    const place = this.#placeOf(pointer);
    const watch = this.#calls.watch('Deleting data in', signal);
    try {
      await this.#deleted(place, watch);
    } finally {
      watch.end();
    }
  }

  async presign(
    pointer: DataPointer,
    { signal, expiresInMs }: DataStoreOptions & { readonly expiresInMs: number },
  ): Promise<string> {
    const place = this.#placeOf(pointer);
    if (!(expiresInMs >= 1000 && expiresInMs <= LONGEST_PRESIGNED_MS)) {
      const message = `must be from 1000 to ${LONGEST_PRESIGNED_MS} ms (7 days)`;
      throw new ConfigError('The URL cannot be made', [{ path: 'expiresInMs', message }]);
    }
    const watch = this.#calls.watch('Signing a URL of', signal);
    try {
      return await this.#calls.presigned(place, watch, Math.floor(expiresInMs / 1000));
    } finally {
      watch.end();
    }
  }

  async *unclaimed(
    { olderThanMs, owner }: UnclaimedQuery,
    { signal }: DataStoreOptions,
  ): AsyncGenerator<UnclaimedData, void> {
    const bucket = this.#options.bucket ?? bucketOf(owner);
    const watch = this.#calls.watch('Listing data in', signal);
    try {
      yield* unclaimedIn(this.#calls, { url: this.url, bucket, olderThanMs, watch });
    } finally {
      watch.end();
    }
  }

  async #put(data: DataToPut, watch: StallWatch): Promise<StoredPointer> {
    const { contentType, key } = data;
    const bucket = this.#options.bucket ?? bucketOf(data.owner);
    const place = { bucket, objectId: objectIdOf(data) };
    const object: ObjectToPut = { place, contentType, onlyIfMissing: key !== undefined, watch };
    await this.#buckets.ready(bucket, watch);
    // A stream would be spent by the time a store says that there is something already. Bytes can be sent again, so they need no question.
    const before =
      object.onlyIfMissing && isStream(data.body) ? await this.#existing(place, watch) : undefined;
    if (before) return before;
    const send = () => this.#send(data, object).catch((error: unknown) => this.#again(error, data, object));
    const stored = await send();
    if (stored) return { url: this.url, ...place, ...stored };
    const existing = await this.#existing(place, watch);
    if (existing) return existing;
    const second = isStream(data.body) ? undefined : await send();
    if (second) return { url: this.url, ...place, ...second };
    const text = `${watch.what}: the object was there and is gone again; put the data once more.`;
    throw new DataError('DATA_STORE_AWAY', text);
  }

  #send({ body, size }: DataToPut, object: ObjectToPut): Promise<Stored> {
    if (!isStream(body)) return putBytes(this.#calls, body as Uint8Array<ArrayBuffer>, object);
    if (size !== undefined && size <= LARGEST_REQUEST_BYTES && canSendPieces) {
      return putSized(this.#calls, { stream: body, size }, object);
    }
    const partBytes = Math.max(this.#options.partSizeBytes, Math.ceil((size ?? 0) / MOST_PARTS));
    return putParts(this.#calls, { stream: body, partBytes, logger: this.#options.logger }, object);
  }

  /** What may have been meant by an error, which a small request shows; then bytes are sent a second time where that can help. */
  async #again(error: unknown, data: DataToPut, object: ObjectToPut): Promise<Stored> {
    const { place, watch } = object;
    const code = error instanceof DataError ? error.code : undefined;
    const isBucketGone = code === 'DATA_STORE_UNKNOWN';
    if (watch.signal.aborted || !(isBucketGone || code === 'DATA_STORE_AWAY')) throw error;
    this.#buckets.forget(place.bucket);
    try {
      await this.#buckets.ask(place.bucket, watch);
    } catch (reason) {
      throw reason instanceof DataError && reason.code !== 'DATA_STORE_AWAY' ? reason : error;
    }
    // There may be something already, whole or a part, and the store have refused what was under way: then it counts as that answer.
    if (!isBucketGone && object.onlyIfMissing && (await findObject(this.#calls, place, watch)))
      return undefined;
    if (!isBucketGone) throw error;
    if (!isStream(data.body)) return this.#send(data, object);
    const text = `${watch.what}: the bucket ${place.bucket} was missing, and has been made; the stream has to be given again.`;
    throw new DataError('DATA_STORE_AWAY', text, { cause: error });
  }

  /** What lies there as a whole. A part of something, which a program left that was killed, is deleted. */
  async #existing(place: Place, watch: StallWatch): Promise<StoredPointer | undefined> {
    const found = await findObject(this.#calls, place, watch);
    if (found?.isWhole === false) await this.#deleted(place, watch);
    if (!found?.isWhole) return undefined;
    const { size, sha256 } = found;
    return { url: this.url, ...place, size, sha256, existed: true };
  }

  async #deleted(place: Place, watch: StallWatch): Promise<void> {
    const answer = await this.#calls.send({ method: 'DELETE', ...place }, watch);
    const refusal = await refusalOf(answer, watch);
    if (answer.ok) return;
    const error = errorOf(refusal, watch.what);
    if (!isOfAbsence(error)) throw error;
  }

  /** Throws before anything is asked: DATA_STORE_UNKNOWN for a pointer to another store, PAYLOAD_INVALID for one that leads nowhere. */
  #placeOf(pointer: DataPointer): Place {
    if (pointer.url !== this.url && !this.alsoKnownAs.includes(pointer.url)) {
      const text = `The data lie in another store than ${this.url}; name it in 'alsoKnownAs' where it is the same.`;
      throw new DataError('DATA_STORE_UNKNOWN', text);
    }
    return placeOf(pointer);
  }
}

function isStream(body: DataToPut['body']): body is ReadableStream<Uint8Array> {
  return !(body instanceof Uint8Array);
}
