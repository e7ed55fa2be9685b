import { DataError, type Logger } from '@intersect-sdk/core';
import { sha256Of } from '@intersect-sdk/core/internal';
import { errorOf, refusalOf, textOf } from '../transfer/faults.js';
import { partsOf } from '../transfer/outgoing.js';
import type { S3Calls } from '../transfer/s3-calls.js';
import type { StallWatch } from '../transfer/stall-watch.js';
import { conditionOf, type ObjectToPut, outcomeOf, putBytes, type Stored } from './put-object.js';

/** S3 takes no more for one object. */
const MOST_PARTS = 10_000;
/** While the store works on some parts, the next one is gathered. All of them are in memory, so of large parts there is one. */
const MOST_PARTS_AT_ONCE = 3;
const MOST_BYTES_AT_ONCE = 24 * 1024 * 1024;
const LONGEST_ANSWER_BYTES = 64 * 1024;
const NEVER = new AbortController().signal;

type Part = Uint8Array<ArrayBuffer>;

export interface PartsSource {
  readonly stream: ReadableStream<Uint8Array>;
  readonly partBytes: number;
  readonly logger: Logger;
}

/**
 * Stores a stream whose size is not known: in one request where it fits into one part, else as an upload of many, of which some go at once.
 * Where it fails, the store is told to drop the parts. Throws what the stream fails with, as it is.
 */
export async function putParts(
  calls: S3Calls,
  { stream, partBytes, logger }: PartsSource,
  object: ObjectToPut,
): Promise<Stored> {
  const { watch } = object;
  const free: Part[] = [];
  const parts = partsOf(stream, { partBytes, signal: watch.signal, free });
  try {
    const first = await parts.next();
    if (first.done) return undefined;
    if (first.value.byteLength < partBytes) return await putBytes(calls, first.value, object);
    const upload = await begin(calls, object, free);
    try {
      await upload.send(first.value);
      for await (const part of parts) await upload.send(part);
      await upload.sent();
      const stored = await upload.complete();
      if (stored === undefined) await upload.drop(logger);
      return stored;
    } catch (error) {
      await upload.stop(error);
      await upload.drop(logger);
      throw error;
    }
  } finally {
    await parts.return();
  }
}

async function begin(calls: S3Calls, object: ObjectToPut, free: Part[]): Promise<Upload> {
  const { place, contentType, watch } = object;
  const headers = { 'content-type': contentType };
  const answer = await calls.send({ method: 'POST', ...place, query: { uploads: '' }, headers }, watch);
  if (!answer.ok) throw errorOf(await refusalOf(answer, watch), watch.what);
  const text = await textOf(answer, { watch, limit: LONGEST_ANSWER_BYTES });
  const [, id] = /<UploadId>([^<]+)<\/UploadId>/.exec(text) ?? [];
  if (id === undefined) throw errorOf({ status: answer.status, code: '' }, watch.what);
  return new Upload(calls, object, { id, free });
}

class Upload {
  readonly #calls: S3Calls;
  readonly #object: ObjectToPut;
  readonly #id: string;
  readonly #free: Part[];
  readonly #tags: string[] = [];
  readonly #sending = new Map<StallWatch, Promise<void>>();
  #parts = 0;
  #size = 0;

  constructor(
    calls: S3Calls,
    object: ObjectToPut,
    { id, free }: { readonly id: string; readonly free: Part[] },
  ) {
    this.#calls = calls;
    this.#object = object;
    this.#id = id;
    this.#free = free;
  }

  /** Resolves when the next part can be given. Throws what a part fails with, of this one or of one before. */
  async send(part: Part): Promise<void> {
    const { watch } = this.#object;
    const number = ++this.#parts;
    if (number > MOST_PARTS) {
      const text = `${watch.what}: a stream may have ${MOST_PARTS} parts, and this one has more: raise 'partSizeBytes', or give its size.`;
      throw new DataError('DATA_TOO_LARGE', text);
    }
    const own = watch.beside();
    const sent = this.#sendPart(part, number, own);
    this.#sending.set(own, sent);
    // Told by `send` or `sent`, whichever looks next.
    sent.then(() => this.#sending.delete(own)).catch(() => {});
    sent.finally(() => own.end()).catch(() => {});
    const most = Math.min(MOST_PARTS_AT_ONCE, Math.floor(MOST_BYTES_AT_ONCE / part.byteLength));
    while (this.#sending.size >= Math.max(1, most)) await Promise.race(this.#sending.values());
  }

  /** Resolves when the store has all parts. Throws as `send`. */
  async sent(): Promise<void> {
    await Promise.all(this.#sending.values());
  }

  /** Ends what is under way. Never rejects. */
  async stop(error: unknown): Promise<void> {
    for (const watch of this.#sending.keys()) watch.abort(error);
    await Promise.allSettled(this.#sending.values());
  }

  async #sendPart(part: Part, number: number, watch: StallWatch): Promise<void> {
    const { place } = this.#object;
    const query = { partNumber: String(number), uploadId: this.#id };
    const headers = { 'x-amz-content-sha256': await sha256Of(part) };
    const request = { method: 'PUT', ...place, query, headers, body: part } as const;
    const answer = await this.#calls.send(request, watch);
    await outcomeOf(answer, watch, { size: part.byteLength });
    this.#tags[number - 1] = answer.headers.get('etag') ?? '';
    this.#size += part.byteLength;
    // The last one can be a piece of its memory, and none comes after it.
    this.#free.push(part);
  }

  async complete(): Promise<Stored> {
    const { place, watch, onlyIfMissing } = this.#object;
    const parts = this.#tags.map(
      (tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
    );
    const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
    const headers = { 'content-type': 'application/xml', ...conditionOf(onlyIfMissing) };
    const query = { uploadId: this.#id };
    const answer = await this.#calls.send({ method: 'POST', ...place, query, headers, body }, watch);
    return outcomeOf(answer, watch, { size: this.#size });
  }

  /** Has a watch of its own, because that of the upload may be what ended it. Never rejects. */
  async drop(logger: Logger): Promise<void> {
    const { place } = this.#object;
    const watch = this.#calls.watch('Dropping the parts of an upload to', NEVER);
    try {
      const query = { uploadId: this.#id };
      await outcomeOf(await this.#calls.send({ method: 'DELETE', ...place, query }, watch), watch, {
        size: 0,
      });
    } catch (error) {
      logger.warn(
        { ...place, error },
        'An upload ended early, and the data store could not be told to drop its parts.',
      );
    } finally {
      watch.end();
    }
  }
}
