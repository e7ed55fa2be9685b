// Data into a store and out of it: by the store alone, and by what client and service do with it.
import { s3Store } from '@intersect-sdk/data-store-s3';
import { DataPlane } from '@intersect-sdk/messaging';
import { settings, takeCommands } from '../lib/commands.mjs';
import { BlobOfPieces, dataLoop, pieces, readAll } from '../lib/data-loop.mjs';
import { addressOf } from '../lib/names.mjs';

const store = s3Store(settings().store);
const owner = addressOf('data-sdk');
const LARGEST_PAYLOAD_BYTES = 64 * 2 ** 20;
let payload = new Uint8Array();
const contentType = 'application/octet-stream';
const { signal } = new AbortController();
const plane = new DataPlane({
  dataStores: [store],
  storeFor: async () => store,
  owner,
  maxDataBytes: LARGEST_PAYLOAD_BYTES,
  offloadAboveBytes: undefined,
  keepData: false,
  waitMs: 10_000,
  report: ({ message }) => process.stderr.write(`${message}\n`),
});

/** @type {Record<string, (bytes: number) => Promise<void>>} */
const ways = {
  /** The size is known, and there is no checksum. */
  async plain(bytes) {
    const pointer = await store.put({ body: pieces(bytes), size: bytes, contentType, owner }, { signal });
    await readAll((await store.get(pointer, { signal })).body, bytes);
    await store.delete(pointer, { signal });
  },
  /** As a payload in memory; a GiB is no such payload, and comes as a Blob. */
  checksum: (bytes) =>
    throughPlane(bytes > LARGEST_PAYLOAD_BYTES ? new BlobOfPieces(bytes) : bytesOf(bytes), bytes),
  /** The size is not known, so that it goes in parts; with a checksum. */
  parts: (bytes) => throughPlane(pieces(bytes), bytes),
};

/** @param {number} bytes */
function bytesOf(bytes) {
  if (payload.byteLength !== bytes) payload = new Uint8Array(bytes).fill(7);
  return payload;
}

/**
 * @param {Uint8Array | Blob | ReadableStream<Uint8Array>} data
 * @param {number} bytes
 */
async function throughPlane(data, bytes) {
  const stored = await plane.put({ data, contentType, key: crypto.randomUUID() }, { signal });
  if (Object.keys(stored.headers).length === 0) throw new Error('There is no checksum.');
  const { body } = await plane.open(/** @type {any} */ (stored), { signal, what: 'The data' });
  await readAll(body, bytes);
  await plane.remove(stored.pointer);
}

await takeCommands({
  /** @param {{ way: string, bytes: number, durationMs: number }} load */
  measure: ({ way, ...load }) => dataLoop(/** @type {any} */ (ways[way]), load),
});
