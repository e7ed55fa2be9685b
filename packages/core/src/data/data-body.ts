/** Data that are given piece by piece, or lie somewhere else than in memory: they travel without ever being in memory as a whole. */
export type DataSource = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Data of a binary payload, as a program gives them. A `Blob` can be read again; a stream and an async iterable can be read once. */
export type DataBody = Uint8Array | DataSource;

/** Whether a value is what `DataSource` says, as far as that can be told without reading it. */
export function isDataSource(value: unknown): value is DataSource {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return isBlob(value) || isStream(value) || Symbol.asyncIterator in value;
}

export function isBlob(value: object): value is Blob {
  return typeof Blob === 'function' && value instanceof Blob;
}

export function isStream(value: object): value is ReadableStream<Uint8Array> {
  return value instanceof ReadableStream;
}
