// Events that travel by reference, and what travels so by itself.
import { beforeEach, describe, expect, test } from 'vitest';
import { ask, bytesOf, DataPrograms, eventsOf, HIERARCHY, image, PNG } from '../support/data-programs.js';

let programs: DataPrograms;

beforeEach(() => {
  programs = new DataPrograms();
});

describe('an event by reference', () => {
  test('is read by everybody who listens, and deleted by nobody', async () => {
    const camera = programs.newCamera();
    await using _service = await programs.newService({}, camera).startup();
    const clients = [programs.newClient(), programs.newClient()];
    for (const client of clients) await client.startup();
    const params = eventsOf('taken');
    const streams = clients.map((client) => client.events(params));
    for (const stream of streams) await stream.ready;
    await camera.emit('taken', bytesOf(3_000));
    for (const stream of streams) {
      const { value } = await stream.next();
      expect(value).toMatchObject({ contentType: PNG, headers: { dataHandler: 'MINIO' } });
      expect(value?.payload).toEqual(bytesOf(3_000));
    }
    for (const client of clients) await client.shutdown();
    expect(programs.store.calls).toEqual(['put', 'get', 'get']);
    expect(programs.store.objects.size).toBe(1);
  });

  test('is heard by another service', async () => {
    const camera = programs.newCamera();
    await using _service = await programs.newService({}, camera).startup();
    await using listener = programs.newService({ hierarchy: { ...HIERARCHY, service: 'listener' } });
    const heard = new Promise((resolve) => {
      void listener.registerEvent(eventsOf('taken'), ({ payload }) => resolve(payload));
    });
    await listener.startup();
    await camera.emit('taken', bytesOf(10));
    expect(await heard).toEqual(bytesOf(10));
  });

  test('that somebody has read and deleted is refused, and reported as DATA_GONE', async () => {
    const camera = programs.newCamera();
    await using _service = await programs.newService({}, camera).startup();
    await using client = await programs.newClient().startup();
    await using events = client.events(eventsOf('*'));
    await events.ready;
    const release = programs.store.holdGets();
    await camera.emit('taken', bytesOf(10));
    // As a listener of the Python SDK does.
    programs.store.objects.clear();
    release();
    await camera.emit('small', 'next');
    expect((await events.next()).value?.payload).toBe('next');
    expect(programs.reports).toMatchObject([{ kind: 'message-refused', code: 'DATA_GONE' }]);
  });
});

describe('payloads above offloadAboveBytes', () => {
  test('travel by reference by themselves, the others in the message', async () => {
    const camera = programs.newCamera();
    const config = { offloadAboveBytes: 100 };
    await using _service = await programs.newService(config, camera).startup();
    await using client = await programs.newClient(config).startup();
    await using events = client.events(eventsOf('small'));
    await events.ready;
    expect(await client.request(ask('echo', bytesOf(100), image))).toEqual(bytesOf(100));
    expect(programs.store.calls).toEqual([]);
    expect(await client.request(ask('echo', bytesOf(101), image))).toEqual(bytesOf(101));
    await programs.store.until(programs.store.isEmpty);
    expect(programs.store.calls.filter((call) => call !== 'delete')).toEqual(['put', 'get', 'put', 'get']);
    const text = 'x'.repeat(100);
    await camera.emit('small', text);
    expect((await events.next()).value).toMatchObject({ payload: text, headers: { dataHandler: 'MINIO' } });
  });
});
