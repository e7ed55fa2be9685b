import type { DataStore, StoredData } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { dataGateway, gatewayStore } from '../../src/index.js';
import { GatewayServer } from '../support/gateway-server.js';
import { nameOf } from '../support/memory-store.js';
import {
  bucketFor,
  bytesOf,
  forever,
  MIB,
  OWNER,
  Stage,
  someBytes,
  streamOf,
  TOKEN,
} from '../support/stage.js';

const contentType = 'image/png';
const large = someBytes(12 * MIB);
const pointer = { url: 'http://store.invalid:9000', bucket: bucketFor('web-page'), objectId: 'o' };

/** A store of one object, whose bytes come from this stream, and which tells when nobody wants it any more. */
function storeOf(source: UnderlyingDefaultSource<Uint8Array>, size?: number) {
  let tell: (reason: unknown) => void = () => {};
  const cancelled = new Promise((resolve) => {
    tell = resolve;
  });
  const body = new ReadableStream<Uint8Array>(
    { ...source, cancel: (reason) => tell(reason) },
    { highWaterMark: 0 },
  );
  const get = async (): Promise<StoredData> => ({ body, contentType, size });
  const never = () => Promise.reject(new Error('not asked for'));
  const store: DataStore = { url: pointer.url, get, put: never, delete: never };
  return { store, cancelled };
}

/** The server, and what a page has of it. */
async function serving(store: DataStore, stallTimeoutMs = 60_000) {
  const server = await GatewayServer.start(
    dataGateway([store], { owner: OWNER, token: TOKEN, stallTimeoutMs }),
  );
  const ofPage = await gatewayStore({ url: server.url, token: TOKEN });
  return { server, ofPage };
}

describe('what is read', () => {
  const firstThen = (then: (controller: ReadableStreamDefaultController<Uint8Array>) => void) => {
    let given = 0;
    return {
      pull(controller: ReadableStreamDefaultController<Uint8Array>) {
        if (given++ === 0) controller.enqueue(new Uint8Array(64 * 1024));
        else then(controller);
      },
    };
  };

  test.each([
    ['fails', firstThen((controller) => controller.error(new Error('cut'))), undefined],
    ['fails, and had a size', firstThen((controller) => controller.error(new Error('cut'))), 8 * MIB],
    ['ends before there is all', firstThen((controller) => controller.close()), 8 * MIB],
  ])('ends with DATA_CUT when the stream of the store %s', async (_name, source, size) => {
    const { server, ofPage } = await serving(storeOf(source, size).store);
    await using _server = server;
    const { body } = await ofPage.get(pointer, forever);
    await expect(bytesOf(body)).rejects.toMatchObject({
      name: 'DataError',
      code: 'DATA_CUT',
      retryable: true,
    });
  });

  test('ends with DATA_CUT when the gateway goes away', async () => {
    const { server, ofPage } = await serving(storeOf(firstThen(() => {})).store);
    await using _server = server;
    const { body } = await ofPage.get(pointer, forever);
    const reader = body.getReader();
    await reader.read();
    server.cut();
    const rest = (async () => {
      while (!(await reader.read()).done);
    })();
    await expect(rest).rejects.toMatchObject({ code: 'DATA_CUT' });
  });

  test('ends with ABORTED by the signal, and the store is told', async () => {
    const { store, cancelled } = storeOf(firstThen(() => {}));
    const { server, ofPage } = await serving(store);
    await using _server = server;
    const aborter = new AbortController();
    const { body } = await ofPage.get(pointer, { signal: aborter.signal });
    aborter.abort();
    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'ABORTED' });
    await cancelled;
  });

  test('is read from the store no further when the page goes away', async () => {
    const { store, cancelled } = storeOf({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    });
    const { server, ofPage } = await serving(store);
    await using _server = server;
    const { body } = await ofPage.get(pointer, forever);
    const reader = body.getReader();
    await reader.read();
    await reader.cancel();
    await cancelled;
  });

  test('is given up when the page does not take it', async () => {
    const { store, cancelled } = storeOf({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    });
    const { server, ofPage } = await serving(store, 100);
    await using _server = server;
    const { body } = await ofPage.get(pointer, forever);
    expect(await cancelled).toMatchObject({ message: expect.stringContaining('not taken, in time') });
    await body.cancel();
  });
});

describe('what is put', () => {
  test('is not stored when the stream of the page fails, and the page gets that error', async () => {
    await using stage = await Stage.set();
    const failed = stage.inner.nextFailedPut();
    const body = streamOf(large, MIB, (given) => {
      if (given === 11 * MIB) throw new Error('the file was taken away');
    });
    const put = stage.store.put({ body, contentType, owner: OWNER }, forever);
    await expect(put).rejects.toThrow('the file was taken away');
    await failed;
    expect(stage.inner.objects.size).toBe(0);
  });

  test('is not stored when the signal ends it, and the stream is told', async () => {
    await using stage = await Stage.set();
    const aborter = new AbortController();
    const failed = stage.inner.nextFailedPut();
    const body = streamOf(large, MIB, (given) => {
      if (given === 11 * MIB) aborter.abort();
    });
    const put = stage.store.put({ body, contentType, owner: OWNER }, { signal: aborter.signal });
    await expect(put).rejects.toMatchObject({ code: 'ABORTED' });
    await failed;
    expect(stage.inner.objects.size).toBe(0);
  });

  test('in one request is not stored when the page goes away', async () => {
    await using stage = await Stage.set();
    const failed = stage.inner.nextFailedPut();
    const aborter = new AbortController();
    const body = streamOf(large, MIB, (given) => {
      if (given === 8 * MIB) aborter.abort();
    });
    const headers = { 'content-type': contentType };
    const init = { method: 'PUT', body, duplex: 'half', headers, signal: aborter.signal } as RequestInit;
    await expect(stage.ask('/object', init)).rejects.toThrow();
    await failed;
    expect(stage.inner.objects.size).toBe(0);
  });

  test('in one request is given up when its next bytes do not come', async () => {
    await using stage = await Stage.set({ stallTimeoutMs: 100 });
    const failed = stage.inner.nextFailedPut();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
    });
    const headers = { 'content-type': contentType };
    const answer = await stage.ask('/object', {
      method: 'PUT',
      body,
      duplex: 'half',
      headers,
    } as RequestInit);
    expect(answer.status).toBe(408);
    await failed;
  });

  test('in one request is read no further when the store wants no more', async () => {
    const store: DataStore = { ...storeOf({}).store, put: async () => pointer };
    const gateway = dataGateway([store], { owner: OWNER, token: TOKEN });
    let tell: () => void = () => {};
    const cancelled = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const body = new ReadableStream<Uint8Array>({ cancel: () => tell() });
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': contentType };
    const init = { method: 'PUT', headers, body, duplex: 'half' } as RequestInit;
    expect((await gateway(new Request('http://gateway.invalid/data/object', init))).status).toBe(201);
    await cancelled;
  });

  test('streams in one request, where the page can', async () => {
    await using stage = await Stage.set();
    const headers = { 'content-type': contentType };
    const init = { method: 'PUT', body: streamOf(large), duplex: 'half', headers } as RequestInit;
    const stored = (await (await stage.ask('/object', init)).json()) as typeof pointer;
    const kept = stage.inner.objects.get(nameOf(stored));
    expect(Buffer.compare(kept?.bytes ?? Buffer.alloc(0), large)).toBe(0);
  });

  test('is sent again in parts that did not arrive', async () => {
    await using stage = await Stage.set();
    let cuts = 0;
    stage.inner.onChunk = () => {
      if (cuts++ === 0) stage.server.cut();
    };
    const stored = await stage.store.put({ body: streamOf(large), contentType, owner: OWNER }, forever);
    const kept = stage.inner.objects.get(nameOf(stored));
    expect(Buffer.compare(kept?.bytes ?? Buffer.alloc(0), large)).toBe(0);
  });
});
