import { DataError, type DataToPut } from '@intersect-sdk/core';
import { untilAborted } from '@intersect-sdk/core/internal';
import { OBJECT_PATH, QUERY, UPLOADS_PATH } from '../api.js';
import { uploadIn } from './answers.js';
import type { GatewayCalls } from './gateway-calls.js';
import { partsOf, slicesOf } from './parts.js';

interface PutOptions {
  readonly calls: GatewayCalls;
  readonly partBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Sends data to the gateway and resolves to its answer. What fits into one part goes in one request. A page can't send a stream in a request,
 * except over HTTP/2 and in some browsers, so more goes in parts. However it ends, the stream is read no further.
 */
export async function putInParts(data: DataToPut, options: PutOptions): Promise<Response> {
  const { signal, calls } = options;
  const parts = partsIn(data.body, options);
  try {
    const first = await parts.next();
    const second = first.done ? first : await parts.next();
    if (!first.done && !second.done)
      return await upload(data, { ...options, parts: startingWith([first.value, second.value], parts) });
    const body = first.done ? new Uint8Array() : first.value;
    checkSize(body.byteLength, data.size);
    const { contentType, key } = data;
    return await calls.ask({
      method: 'PUT',
      path: OBJECT_PATH,
      query: { [QUERY.key]: key },
      contentType,
      body,
      signal,
    });
  } finally {
    await parts.return(undefined);
  }
}

interface UploadOptions extends PutOptions {
  readonly parts: AsyncIterable<Uint8Array>;
}

async function upload(
  { contentType, key, size }: DataToPut,
  { calls, parts, signal }: UploadOptions,
): Promise<Response> {
  const query = { [QUERY.key]: key, [QUERY.size]: size };
  const begun = await calls.ask({ method: 'POST', path: UPLOADS_PATH, query, contentType, signal });
  const path = `${UPLOADS_PATH}/${await uploadIn(begun, calls.url)}`;
  try {
    let sent = 0;
    let part = 0;
    for await (const body of parts) {
      part++;
      const answer = await calls.askAgain({
        method: 'PUT',
        path,
        query: { [QUERY.part]: part },
        body,
        signal,
      });
      // The store had the data already, and wants no more of them.
      if (answer.status === 201) return answer;
      sent += body.byteLength;
    }
    checkSize(sent, size);
    return await calls.ask({ method: 'POST', path, signal });
  } catch (error) {
    giveUp(path, calls);
    throw error;
  }
}

/** Nobody waits for it: the gateway gives the upload up by itself, only later. */
function giveUp(path: string, calls: GatewayCalls): void {
  calls.ask({ method: 'DELETE', path, signal: new AbortController().signal }).catch(() => {});
}

function checkSize(bytes: number, size = bytes): void {
  if (bytes !== size)
    throw new DataError('DATA_CUT', `The data to put have ${bytes} bytes, and not ${size} as was said.`);
}

async function* startingWith(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}

async function* partsIn(
  body: DataToPut['body'],
  { signal, partBytes }: PutOptions,
): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield* slicesOf(body, partBytes);
  else yield* partsOf(chunksOf(body, signal), partBytes);
}

/** A reader, because in some browsers a stream can't be iterated. */
async function* chunksOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), 'Putting data', signal);
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
