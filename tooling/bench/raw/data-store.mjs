// Data into a store and out of it on bare aws4fetch: three signed requests, streams both ways. `plain` checks nothing, `checksum` computes
// SHA-256 as the data go by, both ways, and compares.
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { settings, takeCommands } from '../lib/commands.mjs';
import { dataLoop, pieces, readAll } from '../lib/data-loop.mjs';

const { store } = settings();
const aws = new AwsClient({
  accessKeyId: store.username,
  secretAccessKey: store.password,
  service: 's3',
  region: 'us-east-1',
});
const bucket = `${store.url}/bench-raw`;

/**
 * @param {string} url
 * @param {RequestInit} [init]
 */
async function send(url, init) {
  const answer = await aws.fetch(url, init);
  if (!answer.ok) throw new Error(`The store answers with ${answer.status}: ${await answer.text()}`);
  return answer;
}

/**
 * @param {number} bytes
 * @param {() => import('node:crypto').Hash | undefined} startHash
 */
async function roundTrip(bytes, startHash) {
  const sent = startHash();
  const came = startHash();
  const url = `${bucket}/${crypto.randomUUID()}.bin`;
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(bytes) };
  const init = { method: 'PUT', headers, body: hashed(pieces(bytes), sent), duplex: 'half' };
  await (await send(url, /** @type {RequestInit} */ (init))).arrayBuffer();
  const { body } = await send(url);
  if (!body) throw new Error('The store answers without a body.');
  await readAll(hashed(body, came), bytes);
  if (sent?.digest('hex') !== came?.digest('hex')) throw new Error('Other bytes came back.');
  await (await send(url, { method: 'DELETE' })).arrayBuffer();
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {import('node:crypto').Hash | undefined} hash
 */
function hashed(stream, hash) {
  if (!hash) return stream;
  const reader = stream.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        hash.update(value);
        controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

/** @type {Record<string, (bytes: number) => Promise<void>>} */
const ways = {
  plain: (bytes) => roundTrip(bytes, () => undefined),
  checksum: (bytes) => roundTrip(bytes, () => createHash('sha256')),
};

const made = await aws.fetch(bucket, { method: 'PUT' });
if (!made.ok && made.status !== 409) throw new Error(`No bucket: ${made.status} ${await made.text()}`);
await takeCommands({
  /** @param {{ way: string, bytes: number, durationMs: number }} load */
  measure: ({ way, ...load }) => dataLoop(/** @type {any} */ (ways[way]), load),
});
