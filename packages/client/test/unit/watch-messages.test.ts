// What passes by between others, as a stream. The rules of requests are in the tests of RequestWatch; here it is the whole, on one broker.
import type { ConfigError } from '@intersect-sdk/core';
import { describe, expect, test, vi } from 'vitest';
import type { WatchedMessage } from '../../src/index.js';
import { askingClient, message } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const CORE = 'intersect_sdk.system_capability';
const operations = { 'Fake.echo': echo, [CORE]: () => ({ json: {} }) };
/** Of a service, two clients, and one watch: answers, events, lifecycle, and the requests of the service. */
const QUEUES = 1 + 2 + 4;
const start = () => askingClient({ broker, reports }, {}).startup();

const shown = ({ kind, message: { headers } }: WatchedMessage): string =>
  `${kind} ${headers.operation_id ?? headers.event_name}`;

describe('who watches', () => {
  test('sees requests, answers and events of others, and nothing of its own', async () => {
    await using service = await FakeService.start(broker, operations);
    await using watcher = await start();
    await using asker = await start();
    await using stream = watcher.watchMessages({ addresses: [ADDRESS] });
    await stream.ready;
    await vi.waitFor(() => expect(service.received).toHaveLength(1));
    // Its answer is there, so that its requests are listened to a moment later.
    await vi.waitFor(() => expect(broker.queueCount).toBe(QUEUES));
    await watcher.request(message('echo', 0));
    await asker.request(message('echo', 1));
    await service.emit('happened', { json: 1 });
    const seen = new Set<string>();
    while (seen.size < 3) seen.add(shown((await stream.next()).value));
    expect(seen).toEqual(new Set(['request Fake.echo', 'answer Fake.echo', 'event happened']));
  });

  test('leaves who asks nobody with UNROUTABLE, and leaves nothing behind', async () => {
    await using watcher = await start();
    await using asker = await start();
    const before = broker.queueCount;
    const stream = watcher.watchMessages({ addresses: [ADDRESS] });
    await stream.ready;
    expect(await thrownBy(() => asker.request(message('echo')))).toMatchObject({ code: 'UNROUTABLE' });
    await stream.stop();
    expect(broker.queueCount).toBe(before);
  });

  test('can choose kinds, and services', async () => {
    await using service = await FakeService.start(broker, operations);
    await using other = await FakeService.start(broker, operations, 'org.fac.sys.-.other');
    await using watcher = await start();
    await using stream = watcher.watchMessages({ kinds: ['event'], addresses: [ADDRESS], others: false });
    await stream.ready;
    await other.emit('unwanted', { json: 1 });
    await service.emit('wanted', { json: 1 });
    expect(shown((await stream.next()).value)).toBe('event wanted');
  });

  test('ends with the client', async () => {
    const watcher = await start();
    const stream = watcher.watchMessages();
    await stream.ready;
    await watcher.shutdown();
    expect(await stream.next()).toMatchObject({ done: true });
  });

  test('every problem of its options is named at once', async () => {
    await using watcher = await start();
    const options = { kinds: ['dance'], addresses: ['nowhere'], isThere: 1, bufferSize: 0 } as object;
    const error = (await thrownBy(() => watcher.watchMessages(options))) as ConfigError;
    expect(error.issues.map(({ path }) => path).sort()).toEqual([
      'addresses[0]',
      'bufferSize',
      'isThere',
      'kinds[0]',
    ]);
  });
});
