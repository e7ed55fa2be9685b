import { DataError } from '@intersect-sdk/core';
import type { PieceReader } from './send.js';
import type { StallWatch } from './stall-watch.js';

/** A body of this size, watched while it goes out. */
export interface SizedBody {
  readonly pieces: PieceReader;
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
  const cancel = (reason?: unknown): Promise<void> => reader.cancel(reason).catch(() => {});
  const read = async (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    watch.pause();
    try {
      const piece = await reader.read();
      if (!piece.done) went += piece.value.byteLength;
      if (piece.done ? went !== size : went > size) {
        const text = `${watch.what}: the stream was said to have ${size} bytes, and has ${piece.done ? went : 'more'}; give the right 'size', or none.`;
        throw new DataError('DATA_CORRUPT', text);
      }
      return piece;
    } catch (error) {
      failure ??= { error };
      void cancel(error);
      throw error;
    } finally {
      watch.begin();
    }
  };
  return { pieces: { read, cancel }, failure: () => failure };
}

export interface PartsOptions {
  readonly partBytes: number;
  readonly signal: AbortSignal;
  /** Parts of full size that nobody reads any more. */
  readonly free: Uint8Array<ArrayBuffer>[];
}

/**
 * Joins what a stream gives into parts of this size; the last one is what is left, and may be empty only when it is the first. Takes the
 * memory of parts that are in `free`, where their user puts them: new memory for each would lie about until a collection.
 */
export async function* partsOf(
  source: ReadableStream<Uint8Array>,
  { partBytes, signal, free }: PartsOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = source.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  let part = free.pop() ?? new Uint8Array(partBytes);
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
          part = free.pop() ?? new Uint8Array(partBytes);
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
