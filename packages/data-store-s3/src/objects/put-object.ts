import { sha256Of } from '@intersect-sdk/core/internal';
import type { Place } from '../names/places.js';
import { hexToBase64 } from '../transfer/checksum.js';
import { errorOf, refusalOf } from '../transfer/faults.js';
import { sizedBody } from '../transfer/outgoing.js';
import type { S3Calls, S3Request } from '../transfer/s3-calls.js';
import type { StoreAnswer } from '../transfer/send.js';
import type { StallWatch } from '../transfer/stall-watch.js';
import { SIZE_HEADER } from './find-object.js';

/** An object on its way to its place. */
export interface ObjectToPut {
  readonly place: Place;
  readonly contentType: string;
  /** An object that is there already stays as it is. */
  readonly onlyIfMissing: boolean;
  readonly watch: StallWatch;
}

/** What lies there now; undefined where an object was there already, and nothing was stored. */
export type Stored = { readonly size: number; readonly sha256?: string } | undefined;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Stores bytes; the store compares them with their checksum, and keeps that. It is covered by the signature, so that the body needs no
 * `x-amz-content-sha256` beside it, which stores would compute a second time.
 */
export async function putBytes(calls: S3Calls, bytes: Bytes, object: ObjectToPut): Promise<Stored> {
  const sha256 = await sha256Of(bytes);
  const headers = { ...headersOf(object), 'x-amz-checksum-sha256': hexToBase64(sha256) };
  const { place, watch } = object;
  const answer = await calls.send({ method: 'PUT', ...place, headers, body: bytes }, watch);
  return outcomeOf(answer, watch, { size: bytes.byteLength, sha256 });
}

/** Stores a stream of known size in one request. Throws what the stream fails with, as it is. */
export async function putSized(
  calls: S3Calls,
  source: { readonly stream: ReadableStream<Uint8Array>; readonly size: number },
  object: ObjectToPut,
): Promise<Stored> {
  const { place, watch } = object;
  const { size } = source;
  const headers = { ...headersOf(object), [SIZE_HEADER]: String(size) };
  const request = { method: 'PUT', ...place, headers } as const;
  return outcomeOf(await sendStream(calls, source, { request, watch }), watch, { size });
}

async function sendStream(
  calls: S3Calls,
  { stream, size }: { readonly stream: ReadableStream<Uint8Array>; readonly size: number },
  { request, watch }: { readonly request: S3Request; readonly watch: StallWatch },
): Promise<StoreAnswer> {
  const body = sizedBody(stream, { size, watch });
  const headers = { ...request.headers, 'content-length': String(size) };
  try {
    return await calls.send({ ...request, headers, body: body.pieces }, watch);
  } catch (error) {
    throw (watch.signal.aborted ? undefined : body.failure()?.error) ?? error;
  }
}

function headersOf({ contentType, onlyIfMissing }: ObjectToPut): Readonly<Record<string, string>> {
  return { 'content-type': contentType, ...conditionOf(onlyIfMissing) };
}

/** The header by which a store leaves an object as it is. */
export function conditionOf(onlyIfMissing: boolean): Readonly<Record<string, string>> {
  return onlyIfMissing ? { 'if-none-match': '*' } : {};
}

/** What became of an object by this answer. Some stores answer with success and name an error in the body. */
export async function outcomeOf(answer: StoreAnswer, watch: StallWatch, stored: Stored): Promise<Stored> {
  const refusal = await refusalOf(answer, watch);
  if (answer.status === 412 || refusal.code === 'PreconditionFailed') return undefined;
  if (answer.ok && refusal.code === '') return stored;
  throw errorOf(refusal, watch.what);
}
