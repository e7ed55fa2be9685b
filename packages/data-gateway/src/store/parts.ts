/** Parts of exactly so many bytes, but for the last one, which has 1 or more. Without data there is none. */
export async function* partsOf(
  chunks: AsyncIterable<Uint8Array>,
  partBytes: number,
): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(partBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.byteLength; ) {
      const piece = chunk.subarray(from, from + partBytes - filled);
      part.set(piece, filled);
      filled += piece.byteLength;
      from += piece.byteLength;
      if (filled < partBytes) continue;
      yield part;
      // A new one, since a browser may still be sending the one before.
      part = new Uint8Array(partBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** The same for bytes that are all there, without a copy of them. */
export function* slicesOf(bytes: Uint8Array, partBytes: number): Generator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += partBytes) yield bytes.subarray(from, from + partBytes);
}
