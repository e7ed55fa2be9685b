import { DataError } from '@intersect-sdk/core';
import type { StallWatch } from './stall-watch.js';

/** In this size a body goes out that is there as a whole: `fetch` copies bytes that it is given, and not what a stream gives. */
const PIECE_BYTES = 256 * 1024;

/** Whether a stream can be the body of a request whose size is told beforehand. Browsers set the size by themselves, and can't. */
export function canStreamSized(): boolean {
  const headers = { 'content-length': '1' };
  try {
    const init = { method: 'PUT', headers, body: new ReadableStream(), duplex: 'half' };
    return new Request('http://127.0.0.1', init as RequestInit).headers.has('content-length');
  } catch {
    return false;
  }
}

/** A body of this size, watched while it goes out. */
export interface SizedBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** What the source failed with, as it is; undefined where nothing is wrong with it. */
  failure(): { readonly error: unknown } | undefined;
}

/** The pieces of a source on their way to the store. Fails with DATA_CORRUPT where the source has another size than was said. */
export function sizedBody(
  source: ReadableStream<Uint8Array>,
  { size, watch }: { readonly size: number; readonly watch: StallWatch },
): SizedBody {
  const reader = source.getReader();
  let went = 0;
  let failure: { readonly error: unknown } | undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        watch.pause();
        try {
          const { done, value } = await reader.read();
          if (!done) went += value.byteLength;
          if (done ? went !== size : went > size) {
            const text = `${watch.what}: the stream was said to have ${size} bytes, and has ${done ? went : 'more'}; give the right 'size', or none.`;
            throw new DataError('DATA_CORRUPT', text);
          }
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          failure ??= { error };
          void reader.cancel(error).catch(() => {});
          throw error;
        } finally {
          watch.begin();
        }
      },
      async cancel(reason) {
        await reader.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, failure: () => failure };
}

/** The bytes as a stream of pieces, so that it can be seen whether they move; undefined where they are one piece. */
export function piecesOf(bytes: Uint8Array): ReadableStream<Uint8Array> | undefined {
  if (bytes.byteLength <= PIECE_BYTES) return undefined;
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at >= bytes.byteLength) return controller.close();
        controller.enqueue(bytes.subarray(at, at + PIECE_BYTES));
        at += PIECE_BYTES;
      },
    },
    { highWaterMark: 0 },
  );
}

/** Joins what a stream gives into parts of this size; the last one is what is left, and may be empty only when it is the first. */
export async function* partsOf(
  source: ReadableStream<Uint8Array>,
  { partBytes, signal }: { readonly partBytes: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = source.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  let part = new Uint8Array(partBytes);
  let filled = 0;
  let isFirst = true;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw signal.reason;
      if (done) break;
      for (let rest = value; rest.byteLength > 0; ) {
        if (filled === partBytes) {
          yield part;
          isFirst = false;
          part = new Uint8Array(partBytes);
          filled = 0;
        }
        const piece = rest.subarray(0, partBytes - filled);
        part.set(piece, filled);
        filled += piece.byteLength;
        rest = rest.subarray(piece.byteLength);
      }
    }
    if (filled > 0 || isFirst) yield part.subarray(0, filled);
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.cancel().catch(() => {});
  }
}
