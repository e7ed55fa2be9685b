import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ConfigError, DataError } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { dataGateway, gatewayStore } from '../../src/index.js';
import { MemoryStore } from '../support/memory-store.js';
import { bucketFor, forever, OWNER, Stage, TOKEN } from '../support/stage.js';

/** Serves whatever, and gives its URL. */
async function server(listener: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const listening = createServer(listener).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/data`,
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
}

function issuesOf(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    return (error as ConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

describe('options that cannot be used are told all at once', () => {
  test('of the gateway', () => {
    const options = {
      owner: 'lab.building.room.web-page',
      token: 'short',
      readFrom: ['lab.building.room.camera', '../x', 'camera-bucket'],
      takeFrom: 'all',
      path: '/data/',
      origins: ['*', 'https://lab.example/', 'https://lab.example'],
      maxDataBytes: 0,
      maxUpload: 3,
    };
    const issues = issuesOf(() => dataGateway([], options as never));
    expect(issues.map((issue) => issue.replace(/:.*/, ''))).toEqual([
      'stores',
      'owner',
      'token',
      'readFrom[0]',
      'readFrom[1]',
      'takeFrom',
      'path',
      'origins[0]',
      'origins[1]',
      'maxDataBytes',
      'maxUpload',
    ]);
    expect(issues.at(-1)).toContain('did you mean maxUploads?');
    expect(issues.join()).not.toContain("'short'");
  });

  test.each([
    ['no token', [new MemoryStore('b')], { owner: OWNER }, ['token: is required']],
    ['no owner', [new MemoryStore('b')], { token: TOKEN }, ['owner: is required']],
    [
      'stores of a configuration file',
      { minio: [] },
      { owner: OWNER, token: TOKEN },
      ['stores: must be a list with at least one data store'],
    ],
  ])('of the gateway: %s', (...[, stores, options, issues]) => {
    expect(issuesOf(() => dataGateway(stores as never, options as never))).toEqual(issues);
  });

  test.each([
    [{ url: '/data', token: TOKEN }, 'url'],
    [{ url: 'ftp://lab.example/data', token: TOKEN }, 'url'],
    [{ url: 'https://ada:secret@lab.example/data', token: TOKEN }, 'url'],
    [{ url: 'https://lab.example/data?x=1', token: TOKEN }, 'url'],
    [{ url: 'https://lab.example/data', token: '' }, 'token'],
    [{ url: 'https://lab.example/data' }, 'token'],
  ])('of the store: %j', async (options, path) => {
    const error = await gatewayStore(options as never).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', issues: [{ path }] });
    expect(error.message).not.toContain('secret');
  });
});

describe('what answers and is no gateway', () => {
  test.each([
    ['nothing of the kind', 404, '<h1>Not Found</h1>', 'DATA_STORE_UNKNOWN'],
    ['a page', 200, '<h1>Hello</h1>', 'DATA_STORE_UNKNOWN'],
    ['other JSON', 200, '{"url":7}', 'DATA_STORE_UNKNOWN'],
    ['a proxy whose server is away', 502, '<h1>Bad Gateway</h1>', 'DATA_STORE_AWAY'],
    ['a proxy that wants a login', 403, '', 'DATA_STORE_REFUSED'],
    ['a proxy with a limit of its own', 413, '', 'DATA_TOO_LARGE'],
    ['an unknown code', 500, '{"code":"__proto__","message":"x"}', 'DATA_STORE_AWAY'],
    ['a code of another class', 500, '{"code":"CLOSED","message":"x"}', 'DATA_STORE_AWAY'],
  ])('is told by the code: %s', async (...[, status, body, code]) => {
    await using other = await server((_request, response) => response.writeHead(status).end(body));
    const error = await gatewayStore({ url: other.url, token: TOKEN }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(other.url) });
  });

  test('is DATA_STORE_AWAY where nothing answers, with what a page should look at', async () => {
    const { url } = await (async () => {
      await using closed = await server(() => {});
      return closed;
    })();
    const error = await gatewayStore({ url, token: TOKEN }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'DATA_STORE_AWAY', retryable: true });
    expect(error.message).toContain('Content-Security-Policy');
    expect(error.message).not.toContain(TOKEN);
  });

  test('is DATA_STORE_AWAY where it takes too long, and ABORTED where the signal ends the wait', async () => {
    await using silent = await server(() => {});
    const options = { url: silent.url, token: TOKEN };
    await expect(gatewayStore({ ...options, stallTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'DATA_STORE_AWAY',
    });
    const signal = AbortSignal.timeout(50);
    await expect(gatewayStore(options, { signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('gets no token by a redirect', async () => {
    const asked: (string | undefined)[] = [];
    await using elsewhere = await server(({ headers }, response) => {
      asked.push(headers.authorization);
      response.end('{}');
    });
    await using other = await server((_request, response) => {
      response.writeHead(307, { location: elsewhere.url }).end();
    });
    await expect(gatewayStore({ url: other.url, token: TOKEN })).rejects.toMatchObject({
      code: 'DATA_STORE_AWAY',
    });
    expect(asked).toEqual([]);
  });
});

test('the token is asked for each request, and one that ended is DATA_STORE_REFUSED', async () => {
  await using stage = await Stage.set();
  const tokens = [TOKEN, TOKEN, 'a-token-that-has-ended'];
  const store = await gatewayStore({
    url: new URL(stage.server.url),
    token: async () => tokens.shift() ?? '',
  });
  const data = { body: new Uint8Array(3), contentType: 'a/b', owner: OWNER };
  const pointer = await store.put(data, forever);
  expect(pointer.bucket).toBe(bucketFor('web-page'));
  await expect(store.get(pointer, forever)).rejects.toMatchObject({ code: 'DATA_STORE_REFUSED' });
});
