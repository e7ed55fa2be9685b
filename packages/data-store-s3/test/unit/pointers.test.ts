import { isObjectId } from '@intersect-sdk/core/internal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeStore, owner, pointerAt, signal, storeAt } from './support.js';

describe('pointers', () => {
  test.each([
    ['another host', { url: 'http://127.0.0.2:9000' }, 'DATA_STORE_UNKNOWN'],
    ['the same host by another name', { url: 'http://localhost:9000' }, 'DATA_STORE_UNKNOWN'],
    ['a way up', { bucket: '../other' }, 'PAYLOAD_INVALID'],
    ['another host as its bucket', { bucket: '@evil.example' }, 'PAYLOAD_INVALID'],
    ['a bucket with two dots', { bucket: 'a..b' }, 'PAYLOAD_INVALID'],
    ['an address as its bucket', { bucket: '10.0.0.1' }, 'PAYLOAD_INVALID'],
    ['a way up from its bucket', { objectId: '../secret' }, 'PAYLOAD_INVALID'],
    ['a way up in disguise', { objectId: '%2e%2e%2fsecret' }, 'PAYLOAD_INVALID'],
    ['the bucket itself', { objectId: '.' }, 'PAYLOAD_INVALID'],
    ['a command of the store', { objectId: 'x?policy' }, 'PAYLOAD_INVALID'],
    ['a line of its own', { objectId: 'x\r\nhost: evil' }, 'PAYLOAD_INVALID'],
    ['no text', { objectId: 7 }, 'PAYLOAD_INVALID'],
  ])('that lead to %s are refused before anything is asked', async (_, part, code) => {
    await using server = await fakeStore((_request, response) => response.end());
    const store = storeAt(server.url);
    const pointer = { ...pointerAt(server.url), ...(part as object) };
    const calls = [
      store.get(pointer, { signal }),
      store.delete(pointer, { signal }),
      store.presign(pointer, { signal, expiresInMs: 60_000 }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code, retryable: false });
    expect(server.asked).toEqual([]);
  });

  test('of any text: 10,000 are refused, or lead to exactly one object of the bucket', async () => {
    const store = storeAt('http://127.0.0.1:9000');
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[a-z0-9./%\\?#@:-]{1,12}$/),
      fc.constantFrom('..', '../', '%2e%2e', 'some-bucket', 'a.png', 'localhost:22', '//evil'),
    );
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (bucket, objectId) => {
        const pointer = { url: store.url, bucket, objectId };
        const url = await store.presign(pointer, { signal, expiresInMs: 1000 }).catch(() => undefined);
        if (url === undefined) return;
        const { origin, pathname } = new URL(url);
        expect([origin, pathname]).toEqual([store.url, `/${bucket}/${objectId}`]);
        expect(pathname.split('/')).toHaveLength(3);
        expect(isObjectId(objectId)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test('with another name of the store are read', async () => {
    await using server = await fakeStore((_, response) => response.end('data'));
    const store = storeAt(server.url, { alsoKnownAs: ['http://store.lab:9000/'] });
    const pointer = pointerAt('http://store.lab:9000');
    expect(await new Response((await store.get(pointer, { signal })).body).text()).toBe('data');
    expect(server.asked).toEqual(['GET /some-bucket/some-object.png']);
  });
});

describe('names', () => {
  test.each([
    ['owner', { owner: 'nobody' }],
    ['key', { key: '../x' }],
    ['key', { key: '' }],
    ['contentType', { contentType: 'text/html; charset=utf-8' }],
  ])('that %s gives and nobody can use are refused before anything is asked', async (path, part) => {
    await using server = await fakeStore((_, response) => response.end());
    const data = { body: new Uint8Array(1), contentType: 'image/png', owner, ...part };
    await expect(storeAt(server.url).put(data, { signal })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: [{ path }],
    });
    expect(server.asked).toEqual([]);
  });

  test('stand in the host where the store wants it so', async () => {
    const store = storeAt('https://s3.example:444', { addressing: 'virtual-host' });
    const url = await store.presign(pointerAt(store.url), { signal, expiresInMs: 60_000 });
    expect(url.split('?')[0]).toBe('https://some-bucket.s3.example:444/some-object.png');
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('60');
  });

  test.each([0, 999, 7 * 24 * 3600 * 1000 + 1, Number.NaN])(
    'a URL for %d ms is refused',
    async (expiresInMs) => {
      const store = storeAt('https://s3.example');
      await expect(store.presign(pointerAt(store.url), { signal, expiresInMs })).rejects.toMatchObject({
        issues: [{ path: 'expiresInMs' }],
      });
    },
  );
});
