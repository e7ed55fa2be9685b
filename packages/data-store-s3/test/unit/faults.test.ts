import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { ERROR_CODES, IntersectError } from '@intersect-sdk/core';
import { describe, expect, test, vi } from 'vitest';
import { error, fakeStore, forObjects, owner, pointerAt, secret, signal, storeAt } from './support.js';

const data = { body: new Uint8Array(10), contentType: 'image/png', owner };

async function thrownBy(work: Promise<unknown>): Promise<IntersectError> {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(IntersectError);
  expect(String((thrown as Error).message)).not.toContain(secret);
  return thrown as IntersectError;
}

const answers: [number, string, keyof typeof ERROR_CODES][] = [
  [403, 'SignatureDoesNotMatch', 'DATA_STORE_REFUSED'],
  [403, 'InvalidAccessKeyId', 'DATA_STORE_REFUSED'],
  [404, 'XAdminUserNotFound', 'DATA_STORE_REFUSED'],
  [403, 'AccessDenied', 'DATA_STORE_REFUSED'],
  [403, 'RequestTimeTooSkewed', 'DATA_STORE_REFUSED'],
  [400, 'AuthorizationHeaderMalformed', 'DATA_STORE_REFUSED'],
  [301, 'PermanentRedirect', 'DATA_STORE_REFUSED'],
  [418, 'NobodyKnows', 'DATA_STORE_REFUSED'],
  [404, 'NoSuchKey', 'DATA_GONE'],
  [404, '', 'DATA_GONE'],
  [404, 'NoSuchBucket', 'DATA_STORE_UNKNOWN'],
  [507, 'XMinioStorageFull', 'DATA_STORE_FULL'],
  [403, 'QuotaExceeded', 'DATA_STORE_FULL'],
  [507, '', 'DATA_STORE_FULL'],
  [503, 'SlowDown', 'DATA_STORE_AWAY'],
  [500, 'InternalError', 'DATA_STORE_AWAY'],
  [429, '', 'DATA_STORE_AWAY'],
  [413, '', 'DATA_TOO_LARGE'],
];

describe('a store that answers', () => {
  test.each(answers)('%i %s is told as such, to each who asks', async (status, code, meant) => {
    await using server = await fakeStore(forObjects((_, response) => error(response, status, code)));
    const store = storeAt(server.url);
    const calls = [store.get(pointerAt(server.url), { signal }), store.put(data, { signal })];
    for (const thrown of await Promise.all(calls.map(thrownBy))) {
      expect([thrown.code, thrown.retryable]).toEqual([meant, ERROR_CODES[meant].retryable]);
      const [what, , help] = thrown.message.split(': ');
      expect(what).toContain(server.url);
      expect(help, 'says what to do').toContain(`(${status}`);
    }
  });

  test.each([
    ['an answer to all of it', false],
    ['an answer at once, and the end of the connection', true],
  ])(
    'large bytes under a key are sent without a question, and %s that there are some is understood',
    async (_, abruptly) => {
      const checksum = Buffer.alloc(32, 1);
      await using server = await fakeStore(
        forObjects((request, response) => {
          if (request.method === 'HEAD') {
            response.setHeader('x-amz-checksum-sha256', checksum.toString('base64'));
            response.setHeader('content-length', 5).end();
          } else if (abruptly) request.once('data', () => request.socket.resetAndDestroy());
          else request.resume().once('end', () => error(response, 412, 'PreconditionFailed'));
        }),
      );
      const large = { ...data, body: new Uint8Array(8 * 1024 * 1024), key: 'key' };
      const stored = await storeAt(server.url).put(large, { signal });
      expect(stored).toMatchObject({ existed: true, size: 5, sha256: checksum.toString('hex') });
      const ofObject = server.asked.filter((each) => each.endsWith('/key.png'));
      expect(ofObject.slice(0, 2)).toEqual([expect.stringMatching(/^PUT/), expect.stringMatching(/^HEAD/)]);
    },
  );

  test('DELETE of what is not there is no error, and everything else is one', async () => {
    let code = 'NoSuchKey';
    await using server = await fakeStore((_, response) => error(response, 404, code));
    const store = storeAt(server.url);
    await store.delete(pointerAt(server.url), { signal });
    code = 'NoSuchBucket';
    await store.delete(pointerAt(server.url), { signal });
    code = 'XAdminUserNotFound';
    const thrown = await thrownBy(store.delete(pointerAt(server.url), { signal }));
    expect(thrown.code).toBe('DATA_STORE_REFUSED');
  });

  test('with a redirect is not followed', async () => {
    await using elsewhere = await fakeStore((_, response) => response.end('other data'));
    await using server = await fakeStore((_, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/some-bucket/some-object.png` }).end();
    });
    const thrown = await thrownBy(storeAt(server.url).get(pointerAt(server.url), { signal }));
    expect(thrown.code).toBe('DATA_STORE_REFUSED');
    expect(elsewhere.asked).toEqual([]);
  });

  test('with an error that never ends is not read to its end', async () => {
    await using server = await fakeStore((_, response) => {
      response.writeHead(500);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const thrown = await thrownBy(storeAt(server.url).get(pointerAt(server.url), { signal }));
    expect(thrown.code).toBe('DATA_STORE_AWAY');
  });

  test('success, and names an error in the body of a finished upload', async () => {
    await using server = await fakeStore(
      forObjects((request, response) => {
        if (request.url?.includes('?uploads')) response.end('<UploadId>u</UploadId>');
        else if (request.method === 'POST') error(response, 200, 'InternalError');
        else request.resume().once('end', () => response.setHeader('etag', '"e"').end());
      }),
    );
    const stream = new Response(new Uint8Array(6 * 1024 * 1024)).body as ReadableStream<Uint8Array>;
    const store = storeAt(server.url, { partSizeBytes: 5 * 1024 * 1024 });
    const thrown = await thrownBy(store.put({ ...data, body: stream }, { signal }));
    expect(thrown.code).toBe('DATA_STORE_AWAY');
    expect(server.asked.some((each) => each.startsWith('DELETE') && each.endsWith('uploadId=u'))).toBe(true);
  });
});

describe('data that are cut', () => {
  test.each([
    ['the connection', true],
    ['the answer, in order', false],
  ])('by an end of %s are told to be so, and can be read again', async (_, abruptly) => {
    let complete = false;
    await using server = await fakeStore((_request, response) => {
      response.writeHead(200, {
        'content-length': complete ? 65_536 : 8 * 1024 * 1024,
        'content-type': 'image/png',
      });
      response.write(Buffer.alloc(65_536), () => {
        if (complete) response.end();
        else if (abruptly) response.socket?.resetAndDestroy();
        else response.socket?.end();
      });
    });
    const store = storeAt(server.url);
    const { body } = await store.get(pointerAt(server.url), { signal });
    const thrown = await thrownBy(new Response(body).arrayBuffer());
    expect([thrown.code, thrown.retryable]).toEqual(['DATA_CUT', true]);
    complete = true;
    const again = await store.get(pointerAt(server.url), { signal });
    expect((await new Response(again.body).arrayBuffer()).byteLength).toBe(65_536);
    expect(server.asked.every((each) => each.startsWith('GET'))).toBe(true);
  });

  test('by a store that stops sending end after the time that it has', async () => {
    await using server = await fakeStore((_, response) => {
      response.writeHead(200, { 'content-length': 100_000 }).write(Buffer.alloc(1000));
    });
    const store = storeAt(server.url, { stallTimeoutMs: 50 });
    const { body } = await store.get(pointerAt(server.url), { signal });
    const thrown = await thrownBy(new Response(body).arrayBuffer());
    expect([thrown.code, thrown.retryable]).toEqual(['DATA_STORE_AWAY', true]);
    expect(thrown.message).toContain('50 ms');
  });

  test('do not count the time in which nobody reads', async () => {
    await using server = await fakeStore((_, response) => response.end(Buffer.alloc(1000)));
    const store = storeAt(server.url, { stallTimeoutMs: 50 });
    // Before the store is asked, so that it is this clock by which the time is measured.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { body } = await store.get(pointerAt(server.url), { signal });
      await vi.advanceTimersByTimeAsync(500);
      expect((await new Response(body).arrayBuffer()).byteLength).toBe(1000);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a store that does not answer', () => {
  test('because nothing listens there is away', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => server.close(resolve));
    const calls = [storeAt(url).get(pointerAt(url), { signal }), storeAt(url).put(data, { signal })];
    for (const thrown of await Promise.all(calls.map(thrownBy))) {
      expect([thrown.code, thrown.retryable]).toEqual(['DATA_STORE_AWAY', true]);
      expect(thrown.message).toContain('ECONNREFUSED');
    }
  });

  test('in time is away, also while it takes no more of the data', async () => {
    await using server = await fakeStore(forObjects(() => {}));
    const store = storeAt(server.url, { stallTimeoutMs: 100 });
    const body = new Uint8Array(32 * 1024 * 1024);
    const calls = [store.get(pointerAt(server.url), { signal }), store.put({ ...data, body }, { signal })];
    for (const { code } of await Promise.all(calls.map(thrownBy))) expect(code).toBe('DATA_STORE_AWAY');
  });

  test('and is not waited for any more when the signal aborts', async () => {
    const stop = new AbortController();
    await using server = await fakeStore(() => stop.abort(new Error('enough')));
    const store = storeAt(server.url);
    const thrown = await thrownBy(store.get(pointerAt(server.url), { signal: stop.signal }));
    expect([thrown.code, (thrown.cause as Error).message]).toEqual(['ABORTED', 'enough']);
    const early = await thrownBy(store.put(data, { signal: stop.signal }));
    expect(early.code).toBe('ABORTED');
    expect(server.asked).toHaveLength(1);
  });
});

describe('credentials', () => {
  test.each([
    ['throw', () => Promise.reject(new Error(secret)), 'DATA_STORE_AWAY'],
    ['never come', () => new Promise<never>(() => {}), 'DATA_STORE_AWAY'],
    ['are none', () => ({ username: 'me' }) as never, 'DATA_STORE_REFUSED'],
  ])('that %s are told, and nothing is asked', async (_, credentials, code) => {
    await using server = await fakeStore((_request, response) => response.end());
    const options = { credentials, username: undefined, password: undefined, stallTimeoutMs: 50 };
    const thrown = await thrownBy(storeAt(server.url, options).get(pointerAt(server.url), { signal }));
    expect(thrown.code).toBe(code);
    expect(server.asked).toEqual([]);
  });
});

describe('buckets that are made', () => {
  test('get a rule by which data expire; where the store has none, that is logged once and fails nothing', async () => {
    await using server = await fakeStore((request, response) => {
      request.resume().once('end', () => {
        if (request.url?.includes('?location')) error(response, 404, 'NoSuchBucket');
        else if (request.url?.includes('?lifecycle')) error(response, 501, 'NotImplemented');
        else response.end();
      });
    });
    const warn = vi.fn();
    const nothing = (): void => {};
    const logger = { debug: nothing, info: nothing, error: nothing, warn };
    const store = storeAt(server.url, { logger });
    for (const name of ['one', 'two']) {
      await store.put({ ...data, owner: owner.replace('test-svc', `svc-${name}`) }, { signal });
    }
    expect(server.asked.filter((each) => each.includes('?lifecycle'))).toHaveLength(2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ store: server.url, status: 501 });
  });

  test('by another program at the same moment are as good', async () => {
    await using server = await fakeStore((request, response) => {
      request.resume().once('end', () => {
        if (request.url?.includes('?location')) error(response, 404, 'NoSuchBucket');
        else if (request.url?.split('/').length === 2) error(response, 409, 'BucketAlreadyOwnedByYou');
        else response.end();
      });
    });
    expect(await storeAt(server.url).put(data, { signal })).toMatchObject({ size: 10 });
    expect(server.asked.some((each) => each.includes('?lifecycle'))).toBe(false);
  });

  test('are asked for once by all that need them at once, also when the first is stopped', async () => {
    const stop = new AbortController();
    await using server = await fakeStore((request, response) => {
      request.resume().once('end', () => {
        // The first one never gets its answer.
        if (!stop.signal.aborted) stop.abort();
        else response.end();
      });
    });
    const store = storeAt(server.url);
    const first = thrownBy(store.put(data, { signal: stop.signal }));
    await Promise.all(Array.from({ length: 10 }, () => store.put(data, { signal })));
    expect((await first).code).toBe('ABORTED');
    expect(server.asked.filter((each) => each.includes('?location'))).toHaveLength(2);
  });

  test('and refused are told to all that need them at once', async () => {
    await using server = await fakeStore((_request, response) => error(response, 403, 'InvalidAccessKeyId'));
    const store = storeAt(server.url);
    const thrown = await Promise.all(Array.from({ length: 5 }, () => thrownBy(store.put(data, { signal }))));
    expect(thrown.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => 'DATA_STORE_REFUSED'));
    expect(server.asked).toHaveLength(1);
  });

  test('by another program, whose moment makes the store fail, are as good', async () => {
    let isMade = false;
    await using server = await fakeStore((request, response) => {
      request.resume().once('end', () => {
        const isBucket = request.url?.split('/').length === 2;
        if (request.url?.includes('?location')) {
          if (isMade) response.end();
          else error(response, 404, 'NoSuchBucket');
        } else if (isBucket) {
          isMade = true;
          error(response, 500, 'InternalError');
        } else response.end();
      });
    });
    expect(await storeAt(server.url).put(data, { signal })).toMatchObject({ size: 10 });
    expect(server.asked.some((each) => each.includes('?lifecycle'))).toBe(false);
  });

  test('by nobody, since the store fails, are told', async () => {
    await using server = await fakeStore((request, response) => {
      request.resume().once('end', () => {
        if (request.url?.includes('?location')) error(response, 404, 'NoSuchBucket');
        else error(response, 500, 'InternalError');
      });
    });
    expect((await thrownBy(storeAt(server.url).put(data, { signal }))).code).toBe('DATA_STORE_AWAY');
  });

  test('by somebody else are not ours', async () => {
    await using server = await fakeStore((request, response) => {
      if (request.url?.includes('?location')) error(response, 404, 'NoSuchBucket');
      else error(response, 409, 'BucketAlreadyExists');
    });
    expect((await thrownBy(storeAt(server.url).put(data, { signal }))).code).toBe('DATA_STORE_REFUSED');
  });
});
