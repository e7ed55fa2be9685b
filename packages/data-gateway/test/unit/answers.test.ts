import { DataError, type DataStore } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { dataGateway, gatewayStore } from '../../src/index.js';
import { GatewayServer } from '../support/gateway-server.js';
import { nameOf } from '../support/memory-store.js';
import { bucketFor, forever, OWNER, Stage, someBytes, TOKEN } from '../support/stage.js';

const small = someBytes(3_000);
const bucket = bucketFor('web-page');
const url = 'http://store.invalid:9000';

function pathOf(pointer: Record<string, string>): string {
  return `/object?${new URLSearchParams(pointer)}`;
}

describe('pages of other origins', () => {
  const origins = ['https://lab.example', 'http://127.0.0.1:5173'];
  const preflight = (stage: Stage, origin: string) =>
    fetch(`${stage.server.url}/object`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PUT' },
    });

  test('may ask where their origin is listed', async () => {
    await using stage = await Stage.set({ origins });
    for (const origin of origins) {
      const { status, headers } = await preflight(stage, origin);
      expect([status, headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([
        204,
        origin,
        'origin',
      ]);
      const answer = await stage.ask('', { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      // An answer that refuses must be readable, too.
      const refused = await fetch(stage.server.url, { headers: { origin } });
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
    }
  });

  test.each([
    'https://lab.example.evil',
    'http://lab.example',
    'https://lab.example:444',
    'https://evil.example',
    'null',
    '*',
    '',
  ])('may not where it is %j', async (origin) => {
    await using stage = await Stage.set({ origins });
    const { status, headers } = await preflight(stage, origin);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(
      (await stage.ask('', { headers: { origin } })).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });
});

describe('data that are a page with a script', () => {
  test.each([
    ['text/html', 'text/html'],
    ['text/html; charset=utf-8', 'application/octet-stream'],
    ['a/b\r\nset-cookie: x=1', 'application/octet-stream'],
    ['', 'application/octet-stream'],
  ])('are not run in the origin of the gateway: %j', async (contentType, sent) => {
    await using stage = await Stage.set();
    stage.inner.objects.set(nameOf({ bucket, objectId: 'o' }), { bytes: small, contentType });
    const { status, headers } = await stage.ask(pathOf({ url, bucket, object_id: 'o' }));
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': sent,
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store, no-transform',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.has('set-cookie')).toBe(false);
  });
});

describe('what a store says', () => {
  const secret = 'user:hunter2hunter2@inner-host:9000';
  const failing = (error: unknown): DataStore => ({
    url,
    put: () => Promise.reject(error),
    get: () => Promise.reject(error),
    delete: () => Promise.reject(error),
  });

  test.each([
    ['DATA_GONE', 404],
    ['DATA_STORE_UNKNOWN', 404],
    ['DATA_STORE_REFUSED', 502],
    ['DATA_STORE_AWAY', 503],
    ['DATA_STORE_FULL', 507],
    ['DATA_CORRUPT', 502],
    ['DATA_CUT', 502],
    ['DATA_TOO_LARGE', 413],
  ] as const)('of %s does not get to the page, but for the code', async (code, status) => {
    const gateway = dataGateway([failing(new DataError(code, `failed at ${secret}`))], {
      owner: OWNER,
      token: TOKEN,
    });
    await using server = await GatewayServer.start(gateway);
    const store = await gatewayStore({ url: server.url, token: TOKEN });
    const pointer = { url, bucket, objectId: 'o' };
    for (const call of [
      store.get(pointer, forever),
      store.put({ body: small, contentType: 'a/b', owner: OWNER }, forever),
    ]) {
      const error = await call.catch((thrown) => thrown);
      expect(error).toMatchObject({
        name: 'DataError',
        code,
        message: expect.stringContaining(`status ${status}`),
      });
      expect(`${error.message} ${error.cause} ${error.stack}`).not.toMatch(/hunter2|inner-host/);
    }
  });

  test.each([new Error(secret), new TypeError('fetch failed', { cause: secret }), secret, undefined])(
    'that is no error of the SDK is DATA_STORE_AWAY for the page: %#',
    async (thrown) => {
      const gateway = dataGateway([failing(thrown)], { owner: OWNER, token: TOKEN });
      const authorization = `Bearer ${TOKEN}`;
      const at = `http://gateway.invalid/data${pathOf({ url, bucket, object_id: 'o' })}`;
      const answer = await gateway(new Request(at, { headers: { authorization } }));
      expect(answer.status).toBe(503);
      const text = await answer.text();
      expect(text).toContain('DATA_STORE_AWAY');
      expect(text).not.toMatch(/hunter2|inner-host/);
    },
  );

  test('beside a pointer stays in the gateway', async () => {
    const store: DataStore = {
      ...failing(undefined),
      put: async () => ({ url, bucket, objectId: 'o', secret }) as never,
    };
    const gateway = dataGateway([store], { owner: OWNER, token: TOKEN });
    const init = { method: 'PUT', headers: { authorization: `Bearer ${TOKEN}` }, body: 'x' };
    const answer = await gateway(
      new Request('http://gateway.invalid/data/object', {
        ...init,
        headers: { ...init.headers, 'content-type': 'text/plain' },
      }),
    );
    expect(await answer.json()).toEqual({ url, bucket, objectId: 'o' });
  });
});
