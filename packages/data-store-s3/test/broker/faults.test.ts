// What becomes of data when the network or the store fails in the middle. It starts a store of its own, because it ends it.
import { createHash } from 'node:crypto';
import { startBrokers } from '@intersect-sdk/test-brokers';
import { FaultProxy } from '@intersect-sdk/test-brokers/fault-proxy';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { s3Store } from '../../src/index.js';
import { bytesOf, newOwner, signal, someBytes, streamOf } from './support.js';

const MIB = 1024 * 1024;
const contentType = 'image/png';
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const large = someBytes(48 * MIB);

// Skipped, or failed, as all that need a store.
describeWithBroker('s3', () => {
  test('a read that is cut leaves the data where they are, ten times of ten', async () => {
    await using set = await startBrokers({ s3: true, ours: true });
    const server = theStore(set.s3);
    await using proxy = await FaultProxy.to(server.url);
    const store = s3Store({ ...server, url: proxy.url });
    const stored = await store.put({ body: large, contentType, owner: newOwner() }, { signal });
    for (let cuts = 0; cuts < 10; cuts++) {
      const reader = (await store.get(stored, { signal })).body.getReader();
      await reader.read();
      proxy.cut();
      const rest = (async () => {
        while (!(await reader.read()).done);
      })();
      await expect(rest).rejects.toMatchObject({ code: 'DATA_CUT', retryable: true });
    }
    const { body } = await store.get(stored, { signal });
    expect(sha256(await bytesOf(body))).toBe(stored.sha256);
  });

  test.each([
    ['bytes', () => ({ body: large })],
    ['a stream of known size', () => ({ body: streamOf(large), size: large.byteLength })],
    ['a stream of unknown size', () => ({ body: streamOf(large) })],
  ])('a write of %s that is cut is told, and a second try stores the whole', async (_, given) => {
    await using set = await startBrokers({ s3: true, ours: true });
    const server = theStore(set.s3);
    await using proxy = await FaultProxy.to(server.url);
    const store = s3Store({ ...server, url: proxy.url });
    const data = { contentType, owner: newOwner(), key: 'written-twice' };
    // So that the bucket is there, and what is cut is the body.
    await store.put({ ...data, key: 'first', body: new Uint8Array(1) }, { signal });
    const before = proxy.bytesToTarget;
    const first = store.put({ ...data, ...given() }, { signal });
    first.catch(() => {});
    await expect.poll(() => proxy.bytesToTarget, { interval: 1 }).toBeGreaterThan(before + 10 * MIB);
    proxy.cut();
    // Also for what would be sent on another connection: a cut can come between two parts.
    proxy.refuse(true);
    await expect(first).rejects.toMatchObject({ code: 'DATA_STORE_AWAY', retryable: true });
    proxy.refuse(false);
    const stored = await store.put({ ...data, ...given() }, { signal });
    expect(stored.size).toBe(large.byteLength);
    const got = await store.get(stored, { signal });
    expect(sha256(await bytesOf(got.body))).toBe(sha256(large));
  });

  test('a store that is killed and started again is away, and then has what it had', async () => {
    await using set = await startBrokers({ s3: true, ours: true });
    const server = theStore(set.s3);
    const store = s3Store(server);
    const data = { contentType, owner: newOwner() };
    const stored = await store.put({ ...data, body: large }, { signal });
    const under = store.put(
      { ...data, body: cutAfter(streamOf(large), MIB, () => void set.s3?.kill()) },
      { signal },
    );
    await expect(under).rejects.toMatchObject({ code: 'DATA_STORE_AWAY', retryable: true });
    const away = { code: 'DATA_STORE_AWAY', retryable: true };
    await expect(store.get(stored, { signal })).rejects.toMatchObject(away);
    await expect(store.delete(stored, { signal })).rejects.toMatchObject(away);
    await set.s3?.start();
    expect(sha256(await bytesOf((await store.get(stored, { signal })).body))).toBe(stored.sha256);
    await store.delete(stored, { signal });
  });
});

function theStore(given: { url: string; username: string; password: string } | undefined) {
  if (!given) throw new Error('the store was found before');
  const { url, username, password } = given;
  return { url, username, password };
}

/** The stream, with a deed in the middle of it. */
function cutAfter(
  stream: ReadableStream<Uint8Array>,
  bytes: number,
  cut: () => void,
): ReadableStream<Uint8Array> {
  let passed = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      const before = passed;
      passed += piece.byteLength;
      if (before < bytes && passed >= bytes) cut();
      controller.enqueue(piece);
    },
  });
  return stream.pipeThrough(counter);
}
