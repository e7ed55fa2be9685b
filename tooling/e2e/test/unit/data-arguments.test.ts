// Arguments that travel by reference: what is deleted when, and by whom.
import { responseChannel, type WireMessage } from '@intersect-sdk/core';
import { streamed } from '@intersect-sdk/service';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  ASKER,
  ask,
  byReference,
  bytesOf,
  DataPrograms,
  image,
  messageOf,
} from '../support/data-programs.js';
import { sha256 } from '../support/memory-store.js';

let programs: DataPrograms;

beforeEach(() => {
  programs = new DataPrograms();
});

describe('an argument by reference', () => {
  test('is read by the service, and deleted once its answer is out', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    const sent = bytesOf(5_000);
    const answer = await client.request(ask('echo', sent, { ...image, ...byReference }));
    expect(answer).toEqual(sent);
    await programs.store.until(programs.store.isEmpty);
    expect(programs.store.calls).toEqual(['put', 'get', 'delete']);
    expect(programs.reports).toEqual([]);
  });

  test('as JSON', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    expect(await client.request(ask('upper', 'ö', byReference))).toBe('Ö');
    await programs.store.until(() => programs.store.calls.filter((call) => call === 'delete').length === 2);
    expect(programs.store.isEmpty()).toBe(true);
  });

  test('stays until a broker has the answer', async () => {
    const { store, broker } = programs;
    const transport = memoryTransport(broker, { name: 'service' });
    const { publish } = transport;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const answering = new Promise<void>((resolve) => {
      transport.publish = async (message, options) => {
        if (message.channel.includes('/response')) {
          resolve();
          await held;
        }
        return publish.call(transport, message, options);
      };
    });
    await using _service = await programs.newService({ brokers: [transport] }).startup();
    await using client = await programs.newClient().startup();
    const asked = client.request(ask('echo', bytesOf(9), { ...image, ...byReference }));
    await answering;
    expect(store.calls).toEqual(['put', 'get']);
    release();
    expect(await asked).toEqual(bytesOf(9));
    await store.until(store.isEmpty);
  });

  test.each([
    ['of the client', { keepData: true }, {}],
    ['of the request', {}, { keepData: true }],
  ])('that nobody took stays with keepData %s', async (_, config, options) => {
    const client = await programs.newClient(config).startup();
    const asked = client.request(ask('echo', bytesOf(9), { ...image, ...byReference }), options);
    await expect(asked).rejects.toMatchObject({ code: 'UNROUTABLE' });
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put']);
  });

  test('of a request that was given up while its service had it stays', async () => {
    const { store } = programs;
    const stop = new AbortController();
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const camera = programs.newCamera({
      echo: async (data) => {
        stop.abort();
        await held;
        return data;
      },
    });
    await using _service = await programs.newService({}, camera).startup();
    const client = await programs.newClient().startup();
    const params = ask('echo', bytesOf(9), { ...image, ...byReference });
    await expect(client.request(params, { signal: stop.signal })).rejects.toMatchObject({
      code: 'REQUEST_ABORTED',
    });
    await client.shutdown();
    const calls = [...store.calls];
    // Before anything can fail, since the service waits for its handler.
    answer();
    expect(calls).toEqual(['put', 'get']);
  });

  test('is deleted by the asker where there is no such service', async () => {
    const client = await programs.newClient().startup();
    const error = await client.request(ask('echo', bytesOf(9), { ...image, ...byReference })).catch((e) => e);
    expect(error).toMatchObject({ code: 'UNROUTABLE' });
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'delete']);
    expect(programs.store.isEmpty()).toBe(true);
  });

  test('is deleted by the asker when the service refuses the request', async () => {
    await using _service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const error = await client
      .request(ask('missing', bytesOf(9), { ...image, ...byReference }))
      .catch((e) => e);
    expect(error).toMatchObject({ code: 'REMOTE_ERROR' });
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'delete']);
    expect(programs.store.isEmpty()).toBe(true);
  });

  test('is put as soon as the store is back, within the time of the request', async () => {
    await using _service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    programs.store.faults.away = 1;
    programs.store.faults.full = 1;
    expect(await client.request(ask('echo', bytesOf(9), { ...image, ...byReference }))).toEqual(bytesOf(9));
    expect(programs.store.calls.slice(0, 3)).toEqual(['put', 'put', 'put']);
  });

  test('that can not be put in time was not sent', async () => {
    await using service = await programs.newService().startup();
    await using client = await programs.newClient().startup();
    programs.store.faults.away = Number.POSITIVE_INFINITY;
    const params = ask('echo', bytesOf(9), { ...image, ...byReference });
    const error = await client.request(params, { timeoutMs: 3_000 }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'REQUEST_TIMEOUT',
      mayHaveRun: false,
      cause: { code: 'DATA_STORE_AWAY' },
    });
    expect(service.health().requests.answered).toBe(0);
  });

  test('whose bytes are other ones: the handler is not called, and nobody deletes anything', async () => {
    await using service = await programs.newService().startup();
    const client = await programs.newClient().startup();
    const release = programs.store.holdGets();
    const asked = client.request(ask('echo', bytesOf(9), { ...image, ...byReference })).catch((e) => e);
    await programs.store.until(() => programs.store.objects.size === 1);
    programs.store.spoil();
    release();
    expect(await asked).toMatchObject({ code: 'REMOTE_ERROR' });
    await client.shutdown();
    expect(programs.reports).toMatchObject([{ reason: 'data-not-fetched', code: 'DATA_CORRUPT' }]);
    expect(programs.store.calls).toEqual(['put', 'get']);
    expect(service.health().requests.answered).toBe(0);
  });

  test('that is larger than the service takes stays, too', async () => {
    await using _service = await programs.newService({ maxDataBytes: 8 }).startup();
    const client = await programs.newClient().startup();
    const asked = client.request(ask('echo', bytesOf(9), { ...image, ...byReference }));
    await expect(asked).rejects.toMatchObject({ code: 'REMOTE_ERROR' });
    await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'get']);
  });

  test('as a stream with other bytes stays, though the handler has begun', async () => {
    const { store } = programs;
    const camera = programs.newCamera({
      echo: streamed(async (data) => {
        for await (const _piece of data);
        return bytesOf(1);
      }),
    });
    await using _service = await programs.newService({}, camera).startup();
    const client = await programs.newClient().startup();
    const release = store.holdGets();
    const asked = client.request(ask('echo', bytesOf(9), { ...image, ...byReference })).catch((e) => e);
    await store.until(() => store.objects.size === 1);
    store.spoil();
    release();
    expect(await asked).toMatchObject({ code: 'REMOTE_ERROR' });
    await client.shutdown();
    expect(store.calls).toEqual(['put', 'get']);
  });

  test('is refused before anything is sent where the client has no store', async () => {
    await using client = await programs.newClient({ dataStores: [] }).startup();
    const error = await client.request(ask('upper', 'x', byReference)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', issues: [{ path: 'dataHandler' }] });
  });

  test('and the answer are deleted by the service when the asker is gone', async () => {
    const { store } = programs;
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const camera = programs.newCamera({
      echo: async (data) => {
        await held;
        return data;
      },
    });
    await using _service = await programs.newService({ offloadAboveBytes: 5 }, camera).startup();
    const client = await programs.newClient().startup();
    const asked = client.request(ask('echo', bytesOf(9), { ...image, ...byReference })).catch((e) => e);
    await store.until(() => store.calls.includes('get'));
    await client.shutdown();
    expect(await asked).toMatchObject({ code: 'REQUEST_ABORTED' });
    answer();
    await store.until(() => store.calls.filter((call) => call === 'delete').length === 2);
    await store.until(store.isEmpty);
    expect(programs.reports).toMatchObject([{ kind: 'answer-not-sent', code: 'UNROUTABLE' }]);
  });

  test('of a callback message, and of a request that a service makes', async () => {
    const { store } = programs;
    await using service = await programs.newService().startup();
    const told = new Promise<unknown>((resolve) => {
      service.createExternalRequest(ask('echo', bytesOf(9), { ...image, ...byReference }), (outcome) =>
        resolve(outcome.payload),
      );
    });
    expect(await told).toEqual(bytesOf(9));
    const answers: unknown[] = [];
    const messagesToSend = [ask('echo', bytesOf(8), { ...image, ...byReference })];
    const client = programs.newClient({ initialMessageEventConfig: { messagesToSend } }, (...answer) => {
      answers.push(answer[3]);
      return 'stop';
    });
    await client.startup();
    await client.untilFinished();
    await client.shutdown();
    expect(answers).toEqual([bytesOf(8)]);
    await store.until(store.isEmpty);
    expect(store.calls.filter((call) => call === 'put').length).toBe(2);
  });

  test.each([
    ['with its own checksum', true, [bytesOf(5), bytesOf(5)].map(sha256)],
    ['without one, where the store knows none', false, [sha256(bytesOf(5)), undefined]],
  ])(
    'of a second run, as after a crash: the answer that is there is given, %s',
    async (_, tells, checksums) => {
      programs.store.tellsChecksum = tells;
      const asker = memoryTransport(programs.broker);
      await asker.connect();
      const answers: WireMessage[] = [];
      const spy = { resolve: (): void => {} };
      await asker.subscribe(responseChannel(ASKER), (message) => {
        answers.push(message);
        spy.resolve();
      });
      const message = messageOf('picture', '5');
      for (const run of [1, 2]) {
        const camera = programs.newCamera({ picture: (size) => bytesOf(size * run) });
        await using _service = await programs.newService({}, camera).startup();
        const answered = new Promise<void>((resolve) => {
          spy.resolve = resolve;
        });
        await asker.publish(message);
        await answered;
      }
      await asker.close();
      const [first, second] = answers;
      expect(programs.store.calls).toEqual(['put', 'put']);
      expect(second?.payload).toEqual(first?.payload);
      expect(answers.map(({ headers }) => headers['x-intersect-sha256'])).toEqual(checksums);
    },
  );
});
