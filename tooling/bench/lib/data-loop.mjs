const PIECE = new Uint8Array(64 * 1024).fill(7);

/** In which a file is read, too. */
const PIECE_BYTES = PIECE.byteLength;

/**
 * So many bytes, in pieces that cost nothing to make.
 *
 * @param {number} bytes
 */
export function pieces(bytes) {
  let left = bytes;
  return new ReadableStream(
    {
      pull(controller) {
        if (left === 0) return controller.close();
        const piece = PIECE.subarray(0, Math.min(left, PIECE_BYTES));
        left -= piece.byteLength;
        controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
}

/** The same as a Blob, without what a Blob costs by itself. */
export class BlobOfPieces extends Blob {
  #bytes;

  /** @param {number} bytes */
  constructor(bytes) {
    super();
    this.#bytes = bytes;
  }

  /** @override */
  get size() {
    return this.#bytes;
  }

  /** @override */
  stream() {
    return pieces(this.#bytes);
  }
}

/**
 * Reads all, and fails where it is not as much as was sent.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} bytes
 */
export async function readAll(body, bytes) {
  let came = 0;
  for await (const piece of body) came += piece.byteLength;
  if (came !== bytes) throw new Error(`${came} of ${bytes} bytes came back.`);
}

/**
 * Stores, reads and deletes, over and over, one at a time; the same for all that is compared.
 *
 * @param {(bytes: number) => Promise<unknown>} roundTrip
 * @param {{ bytes: number, durationMs: number }} load
 * @returns {Promise<number>} MiB in a second, there and back counted once.
 */
export async function dataLoop(roundTrip, { bytes, durationMs }) {
  let trips = 0;
  const begin = performance.now();
  while (trips === 0 || performance.now() < begin + durationMs) {
    await roundTrip(bytes);
    trips += 1;
  }
  return (trips * bytes) / 2 ** 20 / ((performance.now() - begin) / 1000);
}
