import { type DataStore, type DataToPut, parseEventHeaders, type StoredData } from '@intersect-sdk/core';
import {
  type DataPointer,
  decodeText,
  encodeDataPointer,
  parseDataPointer,
} from '@intersect-sdk/core/internal';
import { describe, expect, it } from 'vitest';
import { Binary, defineCapability, Type } from '../../src/index.js';
import { ADDRESS, ASKER } from './support/asker.js';
import { eventsOf, startPrograms } from './support/programs.js';

const URL = 'http://127.0.0.1:9000';

/** Keeps data in memory, and gives them in two pieces. */
class TestStore implements DataStore {
  readonly url: string;
  readonly alsoKnownAs?: readonly string[];
  readonly stored: DataToPut[] = [];
  /** What `put` gives besides what it should. */
  pointer: object | undefined = {};
  broken = false;
  /** How many bytes are lost on the way out. */
  cut = 0;

  constructor(url = URL, alsoKnownAs: readonly string[] = []) {
    this.url = url;
    this.alsoKnownAs = alsoKnownAs;
  }

  add(value: unknown): DataPointer {
    const body = new TextEncoder().encode(JSON.stringify(value));
    this.stored.push({ body, contentType: 'application/json', owner: ASKER });
    return { url: this.url, bucket: 'test', objectId: String(this.stored.length - 1) };
  }

  text(index: number): string {
    return decodeText(this.stored[index]?.body as Uint8Array);
  }

  async put(data: DataToPut): Promise<DataPointer> {
    if (this.broken) throw new Error('store.internal is full');
    this.stored.push(data);
    const pointer = {
      url: this.url,
      bucket: 'test',
      objectId: String(this.stored.length - 1),
      ...this.pointer,
    };
    return (this.pointer === undefined ? undefined : pointer) as DataPointer;
  }

  async get({ bucket, objectId }: DataPointer): Promise<StoredData> {
    const { body, contentType } = (bucket === 'test' && this.stored[Number(objectId)]) || {};
    if (!(body instanceof Uint8Array) || contentType === undefined) {
      throw new Error('store.internal has no such object');
    }
    const pieces = [body.subarray(0, 2), body.subarray(2, body.length - this.cut)];
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    });
    return { body: stream, contentType, size: body.length };
  }

  async delete({ objectId }: DataPointer): Promise<void> {
    delete this.stored[Number(objectId)];
  }
}

const Large = defineCapability({
  name: 'Large',
  operations: {
    upper: { request: Type.String(), response: Type.String(), responseDataHandler: 'MINIO' },
    nothing: { responseDataHandler: 'MINIO' },
  },
  events: { picture: { schema: Binary('image/png'), dataHandler: 'MINIO' } },
});

const large = () => Large.implement({ upper: (text) => text.toUpperCase(), nothing: () => {} });

/** A request whose data lie there. */
const at = (pointer: DataPointer) => ({
  body: encodeDataPointer(pointer),
  headers: { dataHandler: 'MINIO' } as const,
});

describe('payloads in a data store', () => {
  it('are fetched for requests and stored for answers, with the content type of the data', async () => {
    const store = new TestStore();
    await using programs = await startPrograms([large()], { dataStores: [store] });
    const reply = await programs.asker.ask('Large.upper', at(store.add('text')));
    expect(reply.headers).toMatchObject({ dataHandler: 'MINIO', hasError: false });
    expect(reply.contentType).toBe('application/json');
    expect(reply.value).toEqual({ minio_url: URL, minio_bucket: 'test', minio_object_id: '1' });
    expect(store.text(1)).toBe('"TEXT"');
    expect(store.stored[1]).toMatchObject({ contentType: 'application/json', size: 6, owner: ADDRESS });
  });

  it('are stored for events', async () => {
    const store = new TestStore();
    const capability = large();
    await using programs = await startPrograms([capability], { dataStores: [store] });
    const events = await programs.asker.listen(eventsOf('Large', 'picture'));
    await capability.emit('picture', Uint8Array.of(1, 2));
    const message = await events.next();
    expect(parseEventHeaders(message.headers).dataHandler).toBe('MINIO');
    expect(message.contentType).toBe('image/png');
    expect(parseDataPointer(message.payload)).toEqual({ url: URL, bucket: 'test', objectId: '0' });
    expect(store.stored).toEqual([
      {
        body: Uint8Array.of(1, 2),
        contentType: 'image/png',
        size: 2,
        key: expect.stringMatching(/-event$/),
        owner: ADDRESS,
      },
    ]);
  });

  it('are read from the store that the pointer names, by any of its names, and put into the first', async () => {
    const first = new TestStore();
    const second = new TestStore('https://store.lab', ['http://10.0.0.7:9000']);
    await using programs = await startPrograms([large()], { dataStores: [first, second] });
    for (const url of [second.url, 'http://10.0.0.7:9000']) {
      const pointer = second.add('there');
      const reply = await programs.asker.ask('Large.upper', at({ ...pointer, url }));
      expect(reply.value).toMatchObject({ minio_url: URL });
    }
    expect([first.text(0), first.text(1), second.stored.length]).toEqual(['"THERE"', '"THERE"', 2]);
  });

  it.each<[string, (store: TestStore) => DataPointer, object]>([
    [
      'are not there',
      (store) => ({ ...store.add('x'), objectId: '7' }),
      { message: 'store.internal has no such object' },
    ],
    [
      'lie in another store',
      (store) => ({ ...store.add('x'), url: 'http://localhost:9000' }),
      { code: 'DATA_STORE_UNKNOWN' },
    ],
    ['are named by no pointer', () => ({}) as DataPointer, { code: 'PAYLOAD_INVALID' }],
    [
      'come in part',
      (store) => {
        store.cut = 1;
        return store.add('text');
      },
      { code: 'DATA_CUT', message: expect.stringContaining('ended after 5 of 6 bytes') },
    ],
  ])('that %s are an error for the caller, without a word of the store', async (_, prepare, error) => {
    const store = new TestStore();
    const config = { dataStores: [store], requestTimeoutMs: 200 };
    await using programs = await startPrograms([large()], config);
    expect(await programs.asker.ask('Large.upper', at(prepare(store)))).toMatchObject({
      hasError: true,
      value: "The request's data could not be fetched from the data store.",
    });
    expect(programs.reports).toMatchObject([{ reason: 'data-not-fetched', error }]);
  });

  it('that can not be stored are an error for the caller, without a word of the store', async () => {
    const store = new TestStore();
    store.broken = true;
    await using programs = await startPrograms([large()], { dataStores: [store] });
    const reply = await programs.asker.ask('Large.nothing');
    expect(reply).toMatchObject({
      hasError: true,
      contentType: 'text/plain',
      value: 'The answer could not be put into the data store.',
    });
    expect(reply.headers.dataHandler).toBe('MESSAGE');
  });

  it.each<[string, object | undefined, readonly string[]]>([
    ['nothing', undefined, ['']],
    ['the URL of another store', { url: 'http://localhost:9000' }, ['url']],
    ['no bucket', { bucket: undefined }, ['bucket']],
    ['what is no text', { objectId: 7 }, ['objectId']],
    ['empty names', { bucket: '', objectId: '' }, ['bucket', 'objectId']],
  ])('for which the store gives %s as their pointer are not sent', async (_, pointer, paths) => {
    const store = new TestStore();
    store.pointer = pointer;
    const capability = large();
    await using programs = await startPrograms([capability], { dataStores: [store] });
    const wrong = { code: 'SCHEMA_MISMATCH' };
    expect(await programs.asker.ask('Large.nothing')).toMatchObject({ hasError: true });
    expect(programs.reports).toMatchObject([{ reason: 'data-not-stored', error: wrong }]);
    const error = await capability.emit('picture', Uint8Array.of(1)).catch((thrown) => thrown);
    expect(error).toMatchObject(wrong);
    expect(error.issues.map(({ path }: { path: string }) => path)).toEqual(paths);
  });
});
