// Answers that travel by reference: what is deleted when, and by whom.

import type { IntersectClient } from '@intersect-sdk/client';
import { encodePayload, requestChannel, responseChannel, type WireMessage } from '@intersect-sdk/core';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ADDRESS,
  ask,
  byReference,
  bytesOf,
  DataPrograms,
  messageOf,
  PNG,
} from '../support/data-programs.js';

let programs: DataPrograms;

beforeEach(() => {
  programs = new DataPrograms();
});

afterEach(() => void vi.useRealTimers());

describe('an answer by reference', () => {
  test('is read by the client, and deleted then', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    expect(await client.request(ask('upper', 'text'))).toBe('TEXT');
    await programs.store.until(() => programs.store.calls.includes('delete'));
    expect(programs.store.calls).toEqual(['put', 'get', 'delete']);
    expect(programs.store.isEmpty()).toBe(true);
    expect(programs.reports).toEqual([]);
  });

  test('takes as long as it takes to read: a service that has answered is not silent', async () => {
    const camera = programs.newCamera({
      picture: async (size) => {
        // Long enough that the service says that it has the request.
        await new Promise(setImmediate);
        return bytesOf(size);
      },
    });
    await using _service = await programs.newService({}, camera).startup();
    await using client = await programs.newClient().startup();
    const spy = memoryTransport(programs.broker);
    await spy.connect();
    const answers: WireMessage[] = [];
    await spy.subscribe(responseChannel(client.address), (message) => void answers.push(message));
    const isRead = programs.store.holdGets();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const seen: unknown[] = [];
    const asking = client.request(ask('picture', 10), { onProgress: (one) => seen.push(one) });
    await vi.waitUntil(() => answers.at(-1)?.headers.data_handler === 'MINIO');
    expect(answers.map(({ headers }) => headers['x-intersect-part'])).toEqual(['taken', undefined]);
    await vi.advanceTimersByTimeAsync(20_000);
    const { channel, headers } = answers.at(-1) as WireMessage;
    // What comes late is neither told nor counted.
    await spy.publish({
      channel,
      contentType: 'application/json',
      payload: encodePayload({ fraction: 1 }, 'application/json'),
      headers: { ...headers, 'x-intersect-part': 'progress', data_handler: 'MESSAGE' },
    });
    await vi.advanceTimersByTimeAsync(70_000);
    isRead();
    expect(await asking).toEqual(bytesOf(10));
    expect(seen).toEqual([]);
    expect(programs.reports).toEqual([]);
    await spy.close();
  });

  test('is named by the request that it answers', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient({ keepData: true }).startup();
    const messageIds: string[] = [];
    const spy = memoryTransport(programs.broker);
    await spy.connect();
    await spy.subscribe('org/fac/sys/-/camera/request', ({ headers }) => {
      messageIds.push(headers.message_id ?? '');
    });
    await client.request(ask('picture', 10, byReference));
    await spy.close();
    await programs.store.until(() => programs.store.objects.size === 1);
    expect(programs.store.names.map((name) => name.split('/')[1])).toEqual([`${messageIds[0]}-answer.png`]);
  });

  test('is deleted before the client has ended', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    await client.request(ask('picture', 5_000));
    await client.shutdown();
    expect(programs.store.isEmpty()).toBe(true);
  });

  test.each([
    ['of the client', { keepData: true }, {}],
    ['of the request', {}, { keepData: true }],
  ])('stays with keepData %s', async (_, config, options) => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient(config).startup();
    await client.request(ask('picture', 10), options);
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'get']);
    expect(programs.store.objects.size).toBe(1);
  });

  test('that was cut is read again, and nothing is lost', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    programs.store.faults.cut = 2;
    expect(await client.request(ask('picture', 9_000))).toEqual(bytesOf(9_000));
    await programs.store.until(programs.store.isEmpty);
    expect(programs.store.calls).toEqual(['put', 'get', 'get', 'get', 'delete']);
  });

  test('whose bytes are other ones is DATA_CORRUPT, and stays', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const release = programs.store.holdGets();
    const asked = client.request(ask('picture', 100)).catch((error) => error);
    await programs.store.until(() => programs.store.objects.size === 1);
    programs.store.spoil();
    release();
    expect(await asked).toMatchObject({ code: 'DATA_CORRUPT', retryable: false });
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'get']);
  });

  test('that is too large for memory is DATA_TOO_LARGE, and stays', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient({ maxDataBytes: 99 }).startup();
    const error = await client.request(ask('picture', 100)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'DATA_TOO_LARGE' });
    expect((error as Error).message).toMatch(/100 bytes.*99.*maxDataBytes/);
    await client.shutdown();
    expect(programs.store.objects.size).toBe(1);
  });

  test('that is too large, of a store that does not say how large it is, is left as soon as that is seen', async () => {
    programs.store.tellsSize = false;
    await using _service = await programs.newService().startup();
    const client = await programs.newClient({ maxDataBytes: 5_000 }).startup();
    const error = await client.request(ask('picture', 9_000)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'DATA_TOO_LARGE' });
    expect((error as Error).message).toMatch(/more bytes.*5000.*maxDataBytes/);
    expect(programs.store.cancelled).toBe(1);
    await client.shutdown();
    expect(programs.store.objects.size).toBe(1);
  });

  test('is waited for while the store is away, up to the time of the request', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const release = programs.store.holdGets();
    const asked = client.request(ask('picture', 100), { timeoutMs: 3_000 }).catch((error) => error);
    await programs.store.until(() => programs.store.objects.size === 1);
    programs.store.faults.away = Number.POSITIVE_INFINITY;
    release();
    const error = await asked;
    expect(error).toMatchObject({ code: 'REQUEST_TIMEOUT', cause: { code: 'DATA_STORE_AWAY' } });
    expect((error as Error).message).toMatch(/came, but its data could not be read.*still there/);
    programs.store.faults.away = 0;
    await client.shutdown();
    expect(programs.store.objects.size).toBe(1);
  });

  test('that nobody waits for any more is deleted by the client', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    let open = (): void => {};
    programs.store.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const error = await client.request(ask('picture', 100), { timeoutMs: 50 }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'REQUEST_TIMEOUT' });
    open();
    await programs.store.until(() => programs.store.calls.includes('delete'));
    expect(programs.store.calls).toEqual(['put', 'delete']);
    await programs.store.until(programs.store.isEmpty);
    expect(programs.reports).toMatchObject([{ kind: 'response-refused', code: 'RESPONSE_UNEXPECTED' }]);
  });

  test('that comes a second time while it is being read stays until it was read', async () => {
    const { store } = programs;
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const repeater = memoryTransport(programs.broker);
    await repeater.connect();
    const seen = new Promise<WireMessage>((resolve) => {
      void repeater.subscribe(responseChannel(client.address), resolve);
    });
    const release = store.holdGets();
    const asked = client.request(ask('picture', 100));
    await repeater.publish(await seen);
    await programs.reported;
    expect(programs.reports).toMatchObject([{ kind: 'response-refused', code: 'RESPONSE_UNEXPECTED' }]);
    release();
    expect(await asked).toEqual(bytesOf(100));
    await store.until(store.isEmpty);
    expect(store.calls).toEqual(['put', 'get', 'delete']);
    await repeater.close();
  });

  test('that was never asked for deletes nothing, whatever it points at', async () => {
    const { store } = programs;
    const { url, bucket, objectId } = store.add(bytesOf(5));
    const client = await programs.newClient().startup();
    const stranger = memoryTransport(programs.broker);
    await stranger.connect();
    const payload = encodePayload(
      { minio_url: url, minio_bucket: bucket, minio_object_id: objectId },
      'application/json',
    );
    const { headers } = messageOf('picture', '');
    const swapped = { ...headers, source: ADDRESS, destination: client.address, data_handler: 'MINIO' };
    const channel = responseChannel(client.address);
    await stranger.publish({ channel, contentType: PNG, payload, headers: swapped });
    await programs.reported;
    await client.shutdown();
    expect(programs.reports).toMatchObject([{ kind: 'response-refused' }]);
    expect(store.calls).toEqual([]);
    await stranger.close();
  });

  test('whose data are not what they say is an error, and stays', async () => {
    const { store, broker } = programs;
    const client = await programs.newClient().startup();
    const { url, bucket, objectId } = store.add(new TextEncoder().encode('{ broken'), 'application/json');
    const payload = encodePayload(
      { minio_url: url, minio_bucket: bucket, minio_object_id: objectId },
      'application/json',
    );
    const service = memoryTransport(broker);
    await service.connect();
    await service.subscribe(requestChannel(ADDRESS), async ({ headers }) => {
      const swapped = { ...headers, source: ADDRESS, destination: client.address, data_handler: 'MINIO' };
      const channel = responseChannel(client.address);
      await service.publish({ channel, contentType: 'application/json', payload, headers: swapped });
    });
    await expect(client.request(ask('upper', 'x'))).rejects.toMatchObject({ code: 'PAYLOAD_INVALID' });
    await client.shutdown();
    expect(store.calls).toEqual(['get']);
    await service.close();
  });

  test('is given without waiting until it is deleted', async () => {
    const { store } = programs;
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const allow = store.holdDeletes();
    expect(await client.request(ask('upper', 'text'))).toBe('TEXT');
    expect(store.isEmpty()).toBe(false);
    allow();
    await store.until(store.isEmpty);
  });

  test('is deleted as soon as the store is back', async () => {
    const { store } = programs;
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const allow = store.holdDeletes();
    await client.request(ask('picture', 3));
    store.faults.away = 1;
    allow();
    await store.until(store.isEmpty);
    expect(programs.reports).toEqual([]);
  });

  describe('that comes once more', () => {
    /** Asks for an answer and sends it a second time when that is done. */
    async function comesAgain(work: (client: IntersectClient) => Promise<unknown>): Promise<void> {
      await using _service = await programs.newService().startup();
      const client = await programs.newClient().startup();
      const repeater = memoryTransport(programs.broker);
      await repeater.connect();
      const seen = new Promise<WireMessage>((resolve) => {
        void repeater.subscribe(responseChannel(client.address), resolve);
      });
      await work(client);
      await repeater.publish(await seen);
      await programs.reported;
      await client.shutdown();
      await repeater.close();
    }

    test('after it was kept stays', async () => {
      await comesAgain((client) => client.request(ask('picture', 10), { keepData: true }));
      expect(programs.store.calls).toEqual(['put', 'get']);
    });

    test('after its stream was left stays', async () => {
      await comesAgain(async (client) => {
        const { body } = await client.requestBytes(ask('picture', 10));
        await body.cancel();
      });
      expect(programs.store.calls).toEqual(['put', 'get']);
    });

    test('after its bytes were found to be other ones stays', async () => {
      const { store } = programs;
      await comesAgain(async (client) => {
        const release = store.holdGets();
        const asked = client.request(ask('picture', 10)).catch((error) => error);
        await store.until(() => store.objects.size === 1);
        store.spoil();
        release();
        expect(await asked).toMatchObject({ code: 'DATA_CORRUPT' });
      });
      expect(store.calls).toEqual(['put', 'get']);
    });

    test('after it was read is deleted once more, since it may lie elsewhere', async () => {
      await comesAgain((client) => client.request(ask('picture', 10)));
      expect(programs.store.calls).toEqual(['put', 'get', 'delete', 'delete']);
    });
  });

  test('is refused by a client without the store', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient({ dataStores: [] }).startup();
    const error = await client.request(ask('picture', 1)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'DATA_STORE_UNKNOWN' });
    expect(programs.store.objects.size).toBe(1);
  });

  test('that can not be deleted is reported, and given all the same', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    programs.store.faults.undeletable = 1;
    expect(await client.request(ask('picture', 3))).toEqual(bytesOf(3));
    await client.shutdown();
    expect(programs.reports).toMatchObject([{ kind: 'data-not-deleted', code: 'DATA_STORE_REFUSED' }]);
  });
});
