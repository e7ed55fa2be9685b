// Data into a store and out of it on bare aws4fetch: three signed requests, streams both ways, and nothing is checked.
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

/** @param {number} bytes */
async function roundTrip(bytes) {
  const url = `${bucket}/${crypto.randomUUID()}.bin`;
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(bytes) };
  const init = { method: 'PUT', headers, body: pieces(bytes), duplex: 'half' };
  await (await send(url, /** @type {RequestInit} */ (init))).arrayBuffer();
  const { body } = await send(url);
  if (!body) throw new Error('The store answers without a body.');
  await readAll(body, bytes);
  await (await send(url, { method: 'DELETE' })).arrayBuffer();
}

const made = await aws.fetch(bucket, { method: 'PUT' });
if (!made.ok && made.status !== 409) throw new Error(`No bucket: ${made.status} ${await made.text()}`);
await takeCommands({ measure: (load) => dataLoop(roundTrip, load) });
