/**
 * All of a stream as one piece. With `size` the data are in memory once, not twice; there must be no more than that. Rejects as the stream
 * does.
 */
export async function collect(stream: ReadableStream<Uint8Array>, size?: number): Promise<Uint8Array> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  const whole = size === undefined ? undefined : new Uint8Array(size);
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (whole) whole.set(value, bytes);
    else pieces.push(value);
    bytes += value.byteLength;
  }
  return whole ? whole.subarray(0, bytes) : joined(pieces, bytes);
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
