// How bytes go to a store: what is sent at once, and what becomes of it when the store does not want it.
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { error, fakeStore, forObjects, owner, signal, storeAt } from './support.js';

const MIB = 1024 * 1024;
const data = { contentType: 'image/png', owner };

/** So many bytes, and how many of them were taken. */
function sourceOf(bytes: number) {
  const source = { taken: 0, body: new ReadableStream<Uint8Array>() };
  source.body = new ReadableStream(
    {
      pull(controller) {
        const piece = new Uint8Array(Math.min(65_536, bytes - source.taken));
        source.taken += piece.byteLength;
        if (piece.byteLength > 0) controller.enqueue(piece);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return source;
}

test('a store that answers before it has everything gets no more, and its answer counts', async () => {
  const ends: Promise<void>[] = [];
  await using server = await fakeStore(
    forObjects((request, response) => {
      ends.push(new Promise((resolve) => request.socket.once('close', () => resolve())));
      request.once('data', () => {
        request.pause();
        response.once('finish', () => request.resume());
        error(response, 507, 'XMinioStorageFull');
      });
    }),
  );
  const body = new Uint8Array(64 * MIB);
  await expect(storeAt(server.url).put({ ...data, body }, { signal })).rejects.toMatchObject({
    code: 'DATA_STORE_FULL',
  });
  let wasCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(MIB)),
    cancel: () => {
      wasCancelled = true;
    },
  });
  const put = storeAt(server.url).put({ ...data, body: endless, size: 1024 * MIB }, { signal });
  await expect(put).rejects.toMatchObject({ code: 'DATA_STORE_FULL' });
  expect(wasCancelled).toBe(true);
  // On a connection of which half a body is still expected nothing else can be asked.
  await Promise.all(ends);
  expect(ends.length).toBe(2);
});

/** Takes an upload in parts, and answers a part when the test says so. */
async function partTaker(onPart: (number: number, response: ServerResponse) => void) {
  return await fakeStore(
    forObjects((request, response) => {
      const number = /partNumber=(\d+)/.exec(request.url ?? '')?.[1];
      request.resume().once('end', () => {
        if (request.url?.includes('?uploads')) response.end('<UploadId>u</UploadId>');
        else if (number === undefined) response.end('<CompleteMultipartUploadResult/>');
        else onPart(Number(number), response);
      });
    }),
  );
}

const tagged = (response: ServerResponse): void => void response.setHeader('etag', '"e"').end();

test('three parts of an upload go at once, in any order, and no more is taken meanwhile', async () => {
  const source = sourceOf(30 * MIB + 1);
  const waiting: { number: number; response: ServerResponse }[] = [];
  const numbers: number[] = [];
  const taken: number[] = [];
  await using server = await partTaker((number, response) => {
    numbers.push(number);
    waiting.push({ number, response });
    // The last one comes alone.
    if (waiting.length < 3 && number < 7) return;
    taken.push(source.taken);
    // The one that came last is answered first.
    const answered = number === 7 ? waiting.splice(0) : waiting.splice(-1);
    for (const { response: each } of answered) tagged(each);
  });
  const store = storeAt(server.url, { partSizeBytes: 5 * MIB });
  const stored = await store.put({ ...data, body: source.body }, { signal });
  expect(stored.size).toBe(30 * MIB + 1);
  expect(numbers.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  // A part is known to be full by the piece behind it.
  expect(taken[0]).toBe(15 * MIB + 65_536);
});

test('of parts so large that three would take too much memory, one goes after the other', async () => {
  let under = 0;
  let most = 0;
  await using server = await partTaker((_, response) => {
    under += 1;
    most = Math.max(most, under);
    setImmediate(() => {
      under -= 1;
      tagged(response);
    });
  });
  const store = storeAt(server.url, { partSizeBytes: 13 * MIB });
  await store.put({ ...data, body: sourceOf(40 * MIB).body }, { signal });
  expect(most).toBe(1);
});

test('a part that the store refuses ends the others, and the store is told to drop them', async () => {
  const waiting = new Map<number, ServerResponse>();
  const ends: Promise<void>[] = [];
  await using server = await partTaker((number, response) => {
    waiting.set(number, response);
    ends.push(new Promise((resolve) => response.once('close', () => resolve())));
    const third = waiting.get(3);
    // The first two are never answered.
    if (waiting.size === 3 && third) error(third, 507, 'XMinioStorageFull');
  });
  // So that it is not the time that ends them.
  const store = storeAt(server.url, { partSizeBytes: 5 * MIB, stallTimeoutMs: 86_400_000 });
  const put = store.put({ ...data, body: sourceOf(30 * MIB).body }, { signal });
  await expect(put).rejects.toMatchObject({ code: 'DATA_STORE_FULL' });
  expect(server.asked.at(-1)).toMatch(/^DELETE .*uploadId=u$/);
  await Promise.all(ends);
});
