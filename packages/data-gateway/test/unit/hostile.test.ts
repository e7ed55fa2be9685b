import { once } from 'node:events';
import { connect } from 'node:net';
import type { Logger } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { dataGateway, gatewayStore, type TokenCheck } from '../../src/index.js';
import { GatewayServer } from '../support/gateway-server.js';
import { MemoryStore } from '../support/memory-store.js';
import { bucketFor, CAMERA, OWNER, Stage, someBytes, TOKEN } from '../support/stage.js';

const small = someBytes(3_000);
const bucket = bucketFor('web-page');
const url = 'http://store.invalid:9000';

function pathOf(pointer: Record<string, string>): string {
  return `/object?${new URLSearchParams(pointer)}`;
}

describe('without the right token', () => {
  test.each([
    ['none', undefined],
    ['an empty one', 'Bearer '],
    ['another', 'Bearer another-token-that-is-long'],
    ['one that lacks a letter', `Bearer ${TOKEN.slice(0, -1)}`],
    ['one with a letter more', `Bearer ${TOKEN}s`],
    ['one twice', `Bearer ${TOKEN}${TOKEN}`],
    ['another scheme', `Basic ${TOKEN}`],
    ['two', `Bearer ${TOKEN} ${TOKEN}`],
  ])('nothing is done: %s', async (_name, authorization) => {
    await using stage = await Stage.set();
    for (const [method, path] of [
      ['GET', ''],
      ['GET', pathOf({ url, bucket, object_id: 'o' })],
      ['PUT', '/object'],
      ['DELETE', pathOf({ url, bucket, object_id: 'o' })],
      ['POST', '/uploads'],
    ] as const) {
      const body = method === 'PUT' ? small : null;
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await fetch(stage.server.url + path, { method, headers, body: body as BodyInit });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await answer.json()).toMatchObject({ code: 'DATA_STORE_REFUSED' });
    }
    expect(stage.inner.calls).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['false', () => false],
    ['a text', () => 'yes'],
    ['what a session is', async () => ({ user: 'ada' })],
    ['nothing', () => undefined],
    ['an error', () => Promise.reject(new Error(`the sessions are away: ${TOKEN}`))],
  ])('as a function judges that gives %s', async (_name, token) => {
    const logged: unknown[] = [];
    const warn = (...said: unknown[]) => void logged.push(said);
    const logger = { debug: () => {}, info: () => {}, warn, error: () => {} } satisfies Logger;
    const gateway = dataGateway([new MemoryStore(bucket)], {
      owner: OWNER,
      token: token as TokenCheck,
      logger,
    });
    await using server = await GatewayServer.start(gateway);
    await expect(gatewayStore({ url: server.url, token: TOKEN })).rejects.toMatchObject({
      code: 'DATA_STORE_REFUSED',
      message: expect.stringContaining('refuses the token'),
    });
    expect(JSON.stringify(logged)).not.toContain(TOKEN);
  });

  test('a function that gives true opens, and gets what was sent', async () => {
    const asked: string[] = [];
    const token = async (given: string) => asked.push(given) > 0;
    await using server = await GatewayServer.start(
      dataGateway([new MemoryStore(bucket)], { owner: OWNER, token }),
    );
    await gatewayStore({ url: server.url, token: () => 'short' });
    expect(asked).toEqual(['short']);
  });
});

describe('a pointer that leads elsewhere is refused before a store is asked', () => {
  const good = { url, bucket, object_id: 'o.png' };

  test.each([
    ['to another host', { ...good, url: 'http://169.254.169.254' }, 404],
    ['to the store with a path', { ...good, url: `${url}/` }, 404],
    ['to a host that begins as the store does', { ...good, url: `${url}.evil.example` }, 404],
    ['to the bucket of another program', { ...good, bucket: bucketFor('camera') }, 403],
    ['to a bucket above', { ...good, bucket: '..' }, 403],
    ['to a bucket with a path', { ...good, bucket: `${bucket}/..` }, 403],
    ['to no bucket', { ...good, bucket: '' }, 403],
    ['up', { ...good, object_id: '../other/o.png' }, 400],
    ['up, encoded', { ...good, object_id: '%2e%2e%2fo.png' }, 400],
    ['up within a name', { ...good, object_id: 'a..b' }, 400],
    ['into a folder', { ...good, object_id: 'a/b' }, 400],
    ['into a folder of Windows', { ...good, object_id: 'a\\b' }, 400],
    ['into the query', { ...good, object_id: 'a?acl' }, 400],
    ['over a line', { ...good, object_id: 'a\r\nhost: evil' }, 400],
    ['to an object with a zero', { ...good, object_id: 'a\0' }, 400],
    ['to no object', { ...good, object_id: '' }, 400],
    ['to an endless name', { ...good, object_id: 'a'.repeat(5_000) }, 400],
  ])('%s', async (_name, pointer, status) => {
    await using stage = await Stage.set({ readFrom: [bucketFor('other')] });
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      expect((await stage.ask(pathOf(pointer), { method })).status).toBe(status);
    }
    expect(stage.inner.calls).toEqual([]);
  });

  test('10,000 of them, made of pieces', async () => {
    await using stage = await Stage.set({ readFrom: [CAMERA] });
    const urls = [url, 'http://evil.example', 'file:///etc', `${url}#`, `${url}@evil.example`, ''];
    const buckets = [
      bucket,
      bucketFor('camera'),
      '..',
      '.',
      `${bucket}/../x`,
      'admin',
      '%2e%2e',
      bucket.toUpperCase(),
    ];
    const ids = [
      '../x',
      '..',
      '.',
      '/etc/passwd',
      'a/../b',
      '%2F',
      'x\u0000',
      '?x',
      '#x',
      ' ',
      '\ud800',
      '..%5c',
    ];
    const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
    const statuses = new Set<number>();
    for (let index = 0; index < 10_000; index++) {
      const object_id = at(ids, index) + (index % 7 ? String(index) : '');
      const pointer = { url: at(urls, index >> 2), bucket: at(buckets, index >> 3), object_id };
      // Not over a socket: 10,000 of those take longer than what is tried here.
      const request = new Request(`http://gateway.invalid/data${pathOf(pointer)}`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      statuses.add((await stage.server.gateway(request)).status);
    }
    expect([...statuses].toSorted()).toEqual([400, 403, 404]);
    expect(stage.inner.calls).toEqual([]);
  });

  test.each([
    ['a name twice', `${pathOf(good)}&bucket=other`],
    ['a name that is not known', `${pathOf(good)}&versionId=1`],
    ['no pointer', '/object'],
  ])('the query has %s', async (_name, path) => {
    await using stage = await Stage.set();
    expect((await stage.ask(path)).status).toBe(400);
    expect(stage.inner.calls).toEqual([]);
  });

  test.each(['../x', '..', 'a/b', 'a.png', '', 'k'.repeat(201), 'ä'])('a key may not be %j', async (key) => {
    await using stage = await Stage.set();
    for (const [method, path] of [
      ['PUT', '/object'],
      ['POST', '/uploads'],
    ] as const) {
      const { status } = await stage.ask(`${path}?key=${encodeURIComponent(key)}`, { method });
      expect(status).toBe(400);
    }
    expect(stage.inner.calls).toEqual([]);
  });
});

test.each([
  ['GET', '/other'],
  ['GET', '/object/o'],
  ['GET', '/uploads'],
  ['PATCH', '/object'],
  ['PUT', ''],
  ['GET', 'base'],
  ['GET', '/../data2'],
])('%s %s is answered by nothing', async (method, path) => {
  await using stage = await Stage.set();
  expect([404, 405]).toContain((await stage.ask(path, { method })).status);
});

describe('a request that lies', () => {
  /** Sends this and no more, and ends. */
  async function send(stage: Stage, head: readonly string[], body: string): Promise<string> {
    const socket = connect(stage.server.port, '127.0.0.1');
    const lines = [...head, 'host: gateway', `authorization: Bearer ${TOKEN}`, 'content-type: text/plain'];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
    let answer = '';
    socket.on('data', (text) => {
      answer += text;
    });
    await once(socket, 'close');
    return answer;
  }

  test('of more bytes than it sends stores nothing', async () => {
    await using stage = await Stage.set();
    const failed = stage.inner.nextFailedPut();
    await send(stage, ['PUT /data/object HTTP/1.1', 'content-length: 5000'], 'only this');
    await failed;
    expect(stage.inner.objects.size).toBe(0);
  });

  test('of no length is stored, but not beyond the limit', async () => {
    await using stage = await Stage.set({ maxDataBytes: 10 });
    const head = ['PUT /data/object HTTP/1.1', 'transfer-encoding: chunked', 'connection: close'];
    expect(await send(stage, head, '5\r\nhello\r\n0\r\n\r\n')).toMatch(/^HTTP\/1.1 201/);
    expect(await send(stage, head, 'b\r\nhello world\r\n0\r\n\r\n')).toMatch(/^HTTP\/1.1 413/);
    expect([...stage.inner.objects.values()].map(({ bytes }) => bytes.byteLength)).toEqual([5]);
  });

  test('of more bytes than are taken is refused before they are read', async () => {
    await using stage = await Stage.set({ maxDataBytes: 1_000 });
    const head = ['PUT /data/object HTTP/1.1', 'content-length: 999999999999', 'connection: close'];
    expect(await send(stage, head, 'x')).toMatch(/^HTTP\/1.1 413/);
    expect(stage.inner.calls).toEqual([]);
  });
});
