// An object of a key stays as it is, also when two programs put it in the same moment: the store is told so by the request that stores it.
import { expect, test } from 'vitest';
import { fakeStore, forObjects, owner, signal, storeAt } from './support.js';

const MIB = 1024 * 1024;
const streamOf = (size: number) => new Response(new Uint8Array(size)).body as ReadableStream<Uint8Array>;

const ways: [string, string, () => { body: Uint8Array | ReadableStream<Uint8Array>; size?: number }][] = [
  ['few bytes', 'PUT', () => ({ body: new Uint8Array(10) })],
  ['many bytes', 'PUT', () => ({ body: new Uint8Array(2 * MIB) })],
  ['a stream of known size', 'PUT', () => ({ body: streamOf(2 * MIB), size: 2 * MIB })],
  ['a short stream of unknown size', 'PUT', () => ({ body: streamOf(10) })],
  ['a stream of unknown size in parts', 'POST', () => ({ body: streamOf(6 * MIB) })],
];

test.each(ways)('%s: the request that stores it is conditional with a key only', async (_, method, give) => {
  let conditions: (string | undefined)[] = [];
  const storing = (from: string | undefined): boolean =>
    method === 'POST' ? /\?uploadId=/.test(from ?? '') : !from?.includes('?');
  await using server = await fakeStore(
    forObjects((request, response) => {
      if (request.method === 'HEAD') return response.writeHead(404).end();
      if (request.url?.includes('?uploads')) return response.end('<UploadId>u</UploadId>');
      if (request.method === method && storing(request.url)) {
        conditions.push(request.headers['if-none-match']);
      }
      return request.resume().once('end', () => response.setHeader('etag', '"e"').end());
    }),
  );
  const store = storeAt(server.url, { partSizeBytes: 5 * MIB });
  const data = { contentType: 'image/png', owner };
  await store.put({ ...data, ...give(), key: 'answer-of-7' }, { signal });
  expect(conditions).toEqual(['*']);
  conditions = [];
  await store.put({ ...data, ...give() }, { signal });
  expect(conditions).toEqual([undefined]);
});
