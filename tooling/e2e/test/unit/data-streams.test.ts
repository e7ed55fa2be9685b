// Data that are given and taken as streams, Blobs and async iterables, by client and service.
import { streamed } from '@intersect-sdk/service';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  ADDRESS,
  ask,
  byReference,
  bytesOf,
  Camera,
  DataPrograms,
  image,
  PNG,
} from '../support/data-programs.js';

const LARGE = 50_000;
/** More than a piece of a stream, and far less than the whole. */
const SMALL = 2_000;

let programs: DataPrograms;

beforeEach(() => {
  programs = new DataPrograms();
});

async function all(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body).arrayBuffer());
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

describe('an answer as a stream', () => {
  test('is deleted once it was read to its end, and not before', async () => {
    const { store } = programs;
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const answer = await client.requestBytes(ask('picture', LARGE));
    expect(answer).toMatchObject({
      contentType: PNG,
      size: LARGE,
      source: ADDRESS,
      operation: 'Camera.picture',
    });
    expect(store.calls).toEqual(['put', 'get']);
    expect(await all(answer.body)).toEqual(bytesOf(LARGE));
    await store.until(store.isEmpty);
    await client.shutdown();
    expect(store.calls).toEqual(['put', 'get', 'delete']);
  });

  test.each([
    ['of the client', { keepData: true }, {}],
    ['of the request', {}, { keepData: true }],
  ])('that was read stays with keepData %s', async (_, config, options) => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient(config).startup();
    const { body } = await client.requestBytes(ask('picture', LARGE), options);
    expect((await all(body)).length).toBe(LARGE);
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'get']);
  });

  test('stays in the store when it is cancelled', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const { body } = await client.requestBytes(ask('picture', LARGE));
    for await (const piece of body) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'get']);
  });

  test.each<[string, object]>([
    ['cut', { code: 'DATA_CUT', retryable: true }],
    ['spoilt', { code: 'DATA_CORRUPT' }],
  ])('fails when it is %s, and stays in the store', async (fault, error) => {
    const { store } = programs;
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const release = store.holdGets();
    const asked = client.requestBytes(ask('picture', LARGE));
    await store.until(() => store.objects.size === 1);
    if (fault === 'cut') store.faults.cut = 1;
    else store.spoil();
    release();
    const { body } = await asked;
    await expect(all(body)).rejects.toMatchObject(error);
    await client.shutdown();
    expect(store.calls).toEqual(['put', 'get']);
  });

  test("ends with the caller's signal and with the client, and stays in the store", async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const stop = new AbortController();
    const stopped = await client.requestBytes(ask('picture', LARGE), { signal: stop.signal });
    const ended = await client.requestBytes(ask('picture', LARGE));
    stop.abort(new Error('enough'));
    await expect(all(stopped.body)).rejects.toThrow('enough');
    await client.shutdown();
    await expect(all(ended.body)).rejects.toThrow();
    expect(programs.store.objects.size).toBe(2);
  });

  test('outlives the time of its request', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const { body } = await client.requestBytes(ask('picture', LARGE), { timeoutMs: 3_000 });
    // The next request ends by its time, and so is that of the first one over.
    await expect(
      client.request(ask('silent', 1, { destination: ADDRESS }), { timeoutMs: 3_000 }),
    ).rejects.toThrow();
    expect((await all(body)).length).toBe(LARGE);
  });

  test('that lies in the message is a stream all the same', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const { body, size } = await client.requestBytes(ask('echo', bytesOf(9), image));
    expect([size, await all(body)]).toEqual([9, bytesOf(9)]);
    expect(programs.store.calls).toEqual([]);
  });

  test('of an error is that error', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const asked = client.requestBytes(ask('fail', bytesOf(9), image));
    await expect(asked).rejects.toMatchObject({ code: 'REMOTE_ERROR', message: 'no film' });
  });
});

describe('an argument given piece by piece', () => {
  test.each<[string, () => unknown]>([
    ['a Blob', () => new Blob([bytesOf(LARGE) as Uint8Array<ArrayBuffer>])],
    ['a File', () => new File([bytesOf(LARGE) as Uint8Array<ArrayBuffer>], 'image.png')],
    ['a ReadableStream', () => new Blob([bytesOf(LARGE) as Uint8Array<ArrayBuffer>]).stream()],
    ['an async iterable', () => inPieces(bytesOf(LARGE))],
  ])('%s travels by reference, and in one piece where there is no store', async (_, body) => {
    const { store } = programs;
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    expect(await client.request(ask('echo', body(), image))).toEqual(bytesOf(LARGE));
    expect(store.calls).toContain('put');
    await store.until(store.isEmpty);
    await using without = await programs.newClient({ dataStores: [] }).startup();
    expect(await without.request(ask('echo', body(), image))).toEqual(bytesOf(LARGE));
  });

  test('is put once more where nothing of it was read, also when it can be read once', async () => {
    const { store } = programs;
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    store.faults.away = 2;
    expect(await client.request(ask('echo', inPieces(bytesOf(9)), image))).toEqual(bytesOf(9));
  });

  test('without a store is gathered up to maxDataBytes, and let go beyond', async () => {
    await using client = await programs.newClient({ dataStores: [], maxDataBytes: 2_500 }).startup();
    let left = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield bytesOf(1_000);
      } finally {
        left = true;
      }
    }
    const error = await client.request(ask('echo', endless(), image)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'DATA_TOO_LARGE', mayHaveRun: false });
    expect(left).toBe(true);
  });

  test('fails as what gives it fails, and leaves nothing', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytesOf(1_000);
      throw new Error('the camera was unplugged');
    }
    await expect(client.request(ask('echo', broken(), image))).rejects.toThrow('unplugged');
    await client.shutdown();
    expect(programs.store.isEmpty()).toBe(true);
  });

  test('can not be repeated where it can be read once', async () => {
    await using client = await programs.newClient().startup();
    const params = ask('echo', inPieces(bytesOf(9)), image);
    const error = await client.request(params, { retry: { attempts: 2 } }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', issues: [{ path: 'retry' }] });
  });
});

describe('a handler', () => {
  test('takes its argument and gives its answer as streams', async () => {
    const { store } = programs;
    const camera = programs.newCamera({
      echo: streamed(async (body, context) => {
        expect(context.operation).toBe('Camera.echo');
        return body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>());
      }),
    });
    await using _service = await programs.newService({}, camera).startup();
    await using client = await programs.newClient().startup();
    const answer = await client.requestBytes(ask('echo', inPieces(bytesOf(LARGE)), image));
    expect(await all(answer.body)).toEqual(bytesOf(LARGE));
    await store.until(store.isEmpty);
    expect(store.largestPiece).toBeLessThan(SMALL);
    expect(programs.reports).toEqual([]);
  });

  test('takes what lies in the message as a stream too', async () => {
    const sizes: number[] = [];
    const camera = programs.newCamera({
      echo: streamed(async (body) => {
        const bytes = await all(body);
        sizes.push(bytes.length);
        return bytes;
      }),
    });
    await using _service = await programs.newService({ dataStores: [programs.store] }, camera).startup();
    await using client = await programs.newClient().startup();
    expect(await client.request(ask('echo', bytesOf(7), image))).toEqual(bytesOf(7));
    expect(await client.request(ask('echo', bytesOf(0), image))).toEqual(bytesOf(0));
    expect(sizes).toEqual([7, 0]);
  });

  test.each<[string, () => Blob | AsyncIterable<Uint8Array>]>([
    ['a Blob', () => new Blob([bytesOf(LARGE) as Uint8Array<ArrayBuffer>])],
    ['an async iterable', () => inPieces(bytesOf(LARGE))],
  ])('gives %s, which travels by reference', async (_, give) => {
    const camera = programs.newCamera({ echo: give });
    await using _service = await programs.newService({}, camera).startup();
    await using client = await programs.newClient().startup();
    const response = await client.requestWithDetails(ask('echo', bytesOf(1), image));
    expect(response).toMatchObject({ payload: bytesOf(LARGE), headers: { dataHandler: 'MINIO' } });
  });

  test('whose stream fails fails, and the argument stays in the store', async () => {
    const { store } = programs;
    const camera = programs.newCamera({ echo: streamed((body) => all(body)) });
    await using _service = await programs.newService({}, camera).startup();
    const client = await programs.newClient({ keepData: true }).startup();
    store.faults.cut = 1;
    const params = ask('echo', bytesOf(LARGE), { ...image, ...byReference });
    await expect(client.request(params)).rejects.toMatchObject({ code: 'REMOTE_ERROR' });
    await client.shutdown();
    expect(store.calls).toEqual(['put', 'get']);
  });

  test('need not read its argument: it is let go, and deleted when the request is answered', async () => {
    const { store } = programs;
    const camera = programs.newCamera({ echo: streamed(() => bytesOf(1)) });
    await using _service = await programs.newService({}, camera).startup();
    await using client = await programs.newClient().startup();
    const params = ask('echo', bytesOf(LARGE), { ...image, ...byReference });
    expect(await client.request(params)).toEqual(bytesOf(1));
    await store.until(store.isEmpty);
    expect(store.cancelled).toBe(1);
  });

  test('of an operation that takes no bytes can not be streamed', async () => {
    const camera = programs.newCamera({ upper: streamed(() => '') as never });
    expect(() => programs.newService({}, camera)).toThrow(/upper: has a handler made by streamed/);
  });
});

describe('a capability by its contract', () => {
  test('takes a Blob where bytes are declared, and gives answers as streams', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const camera = client.capability(Camera, ADDRESS);
    const blob = new Blob([bytesOf(LARGE) as Uint8Array<ArrayBuffer>]);
    expect(await camera.echo(blob)).toEqual(bytesOf(LARGE));
    const { body } = await camera.$bytes.picture(LARGE);
    expect(await all(body)).toEqual(bytesOf(LARGE));
    expect(Object.keys(camera.$bytes).sort()).toEqual(['echo', 'picture']);
  });
});
