import { decodePayload, decodeText, parseEventHeaders } from '@intersect-sdk/core';
import { describe, expect, it } from 'vitest';
import { Binary, type DataStore, defineCapability, type StoredPayload, Type } from '../../src/index.js';
import { eventsOf, startPrograms } from './support/programs.js';

/** Keeps payloads in memory; the pointer is the number of the payload, as JSON. */
class TestStore implements DataStore {
  readonly stored: StoredPayload[] = [];
  broken = false;

  async put(data: StoredPayload): Promise<Uint8Array> {
    if (this.broken) throw new Error('store.internal is full');
    this.stored.push(data);
    return new TextEncoder().encode(String(this.stored.length - 1));
  }

  async get(pointer: Uint8Array): Promise<Uint8Array> {
    const found = this.stored[Number(decodeText(pointer))];
    if (!found) throw new Error('store.internal has no such object');
    return found.payload;
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

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('payloads in a data store', () => {
  it('are fetched for requests and stored for answers, with the content type of the data', async () => {
    const store = new TestStore();
    await using programs = await startPrograms([large()], { dataStores: store });
    store.stored.push({ payload: encode('text'), contentType: 'application/json' });
    const reply = await programs.asker.ask('Large.upper', { payload: 0, headers: { dataHandler: 'MINIO' } });
    expect(reply.headers).toMatchObject({ dataHandler: 'MINIO', hasError: false });
    expect([reply.value, reply.contentType]).toEqual([1, 'application/json']);
    expect(decodeText(store.stored[1]?.payload ?? new Uint8Array())).toBe('"TEXT"');
    expect(store.stored[1]?.contentType).toBe('application/json');
  });

  it('are stored for events', async () => {
    const store = new TestStore();
    const capability = large();
    await using programs = await startPrograms([capability], { dataStores: store });
    const events = await programs.asker.listen(eventsOf('Large', 'picture'));
    await capability.emit('picture', Uint8Array.of(1, 2));
    const message = await events.next();
    expect(parseEventHeaders(message.headers).dataHandler).toBe('MINIO');
    expect(message.contentType).toBe('image/png');
    expect(decodePayload(message.payload, 'application/json')).toBe(0);
    expect(store.stored).toEqual([{ payload: Uint8Array.of(1, 2), contentType: 'image/png' }]);
  });

  it('that are not there are an error for the caller, without a word of the store', async () => {
    const store = new TestStore();
    await using programs = await startPrograms([large()], { dataStores: store });
    const headers = { dataHandler: 'MINIO' } as const;
    expect(await programs.asker.ask('Large.upper', { payload: 7, headers })).toMatchObject({
      hasError: true,
      value: "The request's data could not be fetched from the data store.",
    });
    expect(programs.reports).toMatchObject([
      { reason: 'data-not-fetched', error: { message: 'store.internal has no such object' } },
    ]);
  });

  it('that can not be stored are an error for the caller, without a word of the store', async () => {
    const store = new TestStore();
    store.broken = true;
    await using programs = await startPrograms([large()], { dataStores: store });
    const reply = await programs.asker.ask('Large.nothing');
    expect(reply).toMatchObject({
      hasError: true,
      contentType: 'text/plain',
      value: 'The answer could not be put into the data store.',
    });
    expect(reply.headers.dataHandler).toBe('MESSAGE');
  });
});
