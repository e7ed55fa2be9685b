import { DataError } from '@intersect-sdk/core';
import { errorOfConnection } from './faults.js';
import type { StoreAnswer } from './send.js';
import type { StallWatch } from './stall-watch.js';

/**
 * The body of an answer, that ends without an error only when it is complete. It fails with DATA_CUT where the connection broke or less came
 * than was announced, and with DATA_STORE_AWAY or ABORTED as the watch says. Ends the watch.
 */
export function wholeBody(
  response: StoreAnswer,
  { watch, size }: { readonly watch: StallWatch; readonly size: number | undefined },
): ReadableStream<Uint8Array> {
  const reader = response.body?.getReader();
  let came = 0;
  const cut = (cause?: unknown): DataError => {
    const of = size === undefined ? '' : ` of ${size}`;
    const text = `${watch.what}: the data ended after ${came}${of} bytes, before they were complete. They are still there: read them again.`;
    return new DataError('DATA_CUT', text, { cause });
  };
  const failure = (error: unknown): unknown =>
    watch.signal.aborted ? errorOfConnection(error, watch) : cut(error);

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        watch.begin();
        // The reader of a store that sends nothing is not told of the signal by every `fetch`.
        const piece = await reader?.read().catch((error: unknown) => {
          watch.end();
          throw failure(error);
        });
        watch.pause();
        if (piece && !piece.done) {
          came += piece.value.byteLength;
          controller.enqueue(piece.value);
          return;
        }
        watch.end();
        if (size !== undefined && came !== size) throw cut();
        controller.close();
      },
      async cancel(reason) {
        watch.end();
        await reader?.cancel(reason);
      },
    },
    // Nothing is read before somebody wants it, so that a stream that nobody reads holds nothing.
    { highWaterMark: 0 },
  );
}
