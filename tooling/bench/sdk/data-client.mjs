// The SDK's client, whose requests lie in the data store where they are large.
import { IntersectClient } from '@intersect-sdk/client';
import { s3Store } from '@intersect-sdk/data-store-s3';
import { settings, takeCommands } from '../lib/commands.mjs';
import { dataLoop } from '../lib/data-loop.mjs';
import { transportOf } from './transport.mjs';

const { store, service: destination, hierarchy, bytes: _bytes, maxDataBytes, ...where } = settings();
const client = new IntersectClient({
  maxDataBytes,
  brokers: [await transportOf(where)],
  dataStores: [s3Store(store)],
});
await client.startup();

let payload = '';

/**
 * The same text in one piece: V8 joins the pieces of a text when it is first read, and Python's is made once, too.
 *
 * @param {string} text
 */
function flat(text) {
  return Buffer.from(text).toString('latin1');
}

/** @type {Record<string, (bytes: number) => Promise<unknown>>} */
const ways = {
  async text(bytes) {
    if (payload.length !== bytes) payload = flat('x'.repeat(bytes));
    const request = { destination, operation: 'Bench.echo', payload, dataHandler: 'MINIO' };
    const answer = await client.request(/** @type {any} */ (request));
    if (answer !== payload) throw new Error('The answer is not what was sent.');
  },
  async binary(bytes) {
    const answer = await client.request({ destination, operation: 'Bench.picture', payload: '' });
    if (/** @type {Uint8Array} */ (answer).byteLength !== bytes) throw new Error('Not all came back.');
  },
};

await takeCommands(
  {
    /** @param {{ way: string, bytes: number, durationMs: number }} load */
    measure: ({ way, ...load }) => dataLoop(/** @type {any} */ (ways[way]), load),
  },
  { end: () => client.shutdown() },
);
