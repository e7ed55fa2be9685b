import { describe, expect, test } from 'vitest';
import { MemoryStore, nameOf } from '../support/memory-store.js';
import {
  bucketFor,
  bytesOf,
  CAMERA,
  forever,
  MIB,
  OWNER,
  Stage,
  someBytes,
  streamOf,
} from '../support/stage.js';

const large = someBytes(12 * MIB + 7);
const small = someBytes(70_000);
const contentType = 'image/png';

describe('what a page puts through the gateway', () => {
  test.each([
    ['no bytes', () => new Uint8Array(), new Uint8Array()],
    ['bytes', () => small, small],
    ['more bytes than a part has', () => large, large],
    ['bytes of exactly two parts', () => large.subarray(0, 10 * MIB), large.subarray(0, 10 * MIB)],
    ['an empty stream', () => streamOf(new Uint8Array()), new Uint8Array()],
    ['a small stream', () => streamOf(small), small],
    ['a large stream', () => streamOf(large), large],
    ['the stream of a Blob', () => new Blob([large as BlobPart]).stream(), large],
  ])('is read back, and stored: %s', async (_name, body, bytes) => {
    await using stage = await Stage.set();
    const pointer = await stage.store.put({ body: body(), contentType, owner: 'whoever' }, forever);
    expect(pointer).toMatchObject({ url: stage.store.url, bucket: bucketFor('web-page'), existed: false });
    const kept = stage.inner.objects.get(nameOf(pointer));
    expect(Buffer.compare(kept?.bytes ?? Buffer.alloc(1), bytes)).toBe(0);
    const got = await stage.store.get(pointer, forever);
    expect(got).toMatchObject({ contentType, size: bytes.byteLength });
    expect(Buffer.compare(await bytesOf(got.body), bytes)).toBe(0);
    expect(stage.inner.calls).toEqual(['put', 'get']);
  });

  test('is gone after it was deleted, and deleting it again is no error', async () => {
    await using stage = await Stage.set();
    const pointer = await stage.store.put({ body: small, contentType, owner: OWNER }, forever);
    await stage.store.delete(pointer, forever);
    await stage.store.delete(pointer, forever);
    expect(stage.inner.objects.size).toBe(0);
    await expect(stage.store.get(pointer, forever)).rejects.toMatchObject({
      name: 'DataError',
      code: 'DATA_GONE',
      retryable: false,
    });
  });

  test.each([
    ['bytes', () => small],
    ['a large stream', () => streamOf(large)],
  ])('is named by its key, and stays as it is when the same key comes with %s', async (_name, body) => {
    await using stage = await Stage.set();
    const first = await stage.store.put({ body: large, contentType, owner: OWNER, key: 'k-1' }, forever);
    const second = await stage.store.put({ body: body(), contentType, owner: OWNER, key: 'k-1' }, forever);
    expect(first).toMatchObject({ objectId: 'k-1', existed: false });
    expect(second).toMatchObject({ objectId: 'k-1', existed: true, size: large.byteLength });
    expect(second.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is refused before it is sent, where it is larger than the gateway takes', async () => {
    await using stage = await Stage.set({ maxDataBytes: 1000 });
    for (const body of [small, streamOf(small)]) {
      const put = stage.store.put({ body, contentType, owner: OWNER, size: small.byteLength }, forever);
      await expect(put).rejects.toMatchObject({ code: 'DATA_TOO_LARGE' });
    }
    expect(stage.inner.calls).toEqual([]);
  });

  test('is refused while it is sent, where a stream says nothing of its size', async () => {
    await using stage = await Stage.set({ maxDataBytes: 11 * MIB });
    const put = stage.store.put({ body: streamOf(large), contentType, owner: OWNER }, forever);
    await expect(put).rejects.toMatchObject({ code: 'DATA_TOO_LARGE' });
    expect(stage.inner.objects.size).toBe(0);
  });

  test.each([
    ['a large stream', 'fewer', large, large.byteLength + 1],
    ['a large stream', 'more', large, large.byteLength - 1],
    ['a small stream', 'fewer', small, small.byteLength + 1],
    ['a small stream', 'more', small, small.byteLength - 1],
  ])('is not stored where %s has %s bytes than was said', async (...[, , bytes, size]) => {
    await using stage = await Stage.set();
    const put = stage.store.put({ body: streamOf(bytes), contentType, owner: OWNER, size }, forever);
    await expect(put).rejects.toMatchObject({ code: expect.stringMatching(/^(DATA_CUT|CONFIG_INVALID)$/) });
    expect(stage.inner.objects.size).toBe(0);
  });

  test('streams: no more of it is read than the parts that are on their way', async () => {
    await using stage = await Stage.set();
    const bytes = someBytes(40 * MIB);
    let stored = 0;
    let mostAhead = 0;
    stage.inner.onChunk = ({ byteLength }) => {
      stored += byteLength;
    };
    const body = streamOf(bytes, MIB, (given) => {
      mostAhead = Math.max(mostAhead, given - stored);
    });
    await stage.store.put({ body, contentType, owner: OWNER, size: bytes.byteLength }, forever);
    expect(stored).toBe(bytes.byteLength);
    // Two parts in the page, one that comes in, one that the store takes.
    expect(mostAhead).toBeLessThanOrEqual(4 * 5 * MIB);
  });
});

describe('a gateway before several stores', () => {
  const other = () =>
    new MemoryStore(bucketFor('camera'), 'http://other.invalid:9000', ['http://alias.invalid']);

  test('puts into the first and reads from all, by each of their names', async () => {
    const second = other();
    second.objects.set(nameOf({ bucket: bucketFor('camera'), objectId: 'o' }), { bytes: small, contentType });
    await using stage = await Stage.set({ readFrom: [CAMERA] }, [second]);
    expect(stage.store.url).toBe(stage.inner.url);
    expect(stage.store.alsoKnownAs).toEqual(['http://other.invalid:9000', 'http://alias.invalid']);
    for (const url of stage.store.alsoKnownAs ?? []) {
      const { body } = await stage.store.get({ url, bucket: bucketFor('camera'), objectId: 'o' }, forever);
      expect(Buffer.compare(await bytesOf(body), small)).toBe(0);
    }
    await stage.store.put({ body: small, contentType, owner: OWNER }, forever);
    expect([stage.inner.objects.size, second.objects.size]).toEqual([1, 1]);
  });

  test('deletes only what pages may take', async () => {
    const second = other();
    const pointer = { url: second.url, bucket: bucketFor('camera'), objectId: 'o' };
    second.objects.set(nameOf(pointer), { bytes: small, contentType });
    await using reader = await Stage.set({ readFrom: [CAMERA] }, [second]);
    await expect(reader.store.delete(pointer, forever)).rejects.toMatchObject({ code: 'DATA_STORE_REFUSED' });
    expect(second.objects.size).toBe(1);
    await using taker = await Stage.set({ takeFrom: [CAMERA] }, [second]);
    await taker.store.delete(pointer, forever);
    expect(second.objects.size).toBe(0);
  });
});
