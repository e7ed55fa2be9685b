import { type EventMessage, IntersectClient } from '@intersect-sdk/client';
import { ConfigError, IllegalStateError, MessageError } from '@intersect-sdk/core';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import { ADDRESS, FakeService } from './fake-service.js';
import { summary, thrownBy, WAITS_AN_HOUR } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

let client: IntersectClient;

beforeEach(() => {
  const quick = { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 };
  const transport = memoryTransport(broker, { name: 'client', ...quick });
  client = new IntersectClient({ brokers: [transport], onReport: reports.add, ...WAITS_AN_HOUR });
});

const selector = (eventName: string) => ({ hierarchy: ADDRESS, capabilityName: 'Fake', eventName });

/** Emits the numbers and resolves when the client has them: each is followed by one on a second stream. */
async function emitAll(service: FakeService, numbers: readonly number[]): Promise<void> {
  await using marks = client.events(selector('mark'));
  await marks.ready;
  for (const json of numbers) await service.emit('tick', { json });
  await service.emit('mark');
  await marks.next();
}

async function payloadsOf(stream: AsyncIterable<EventMessage>, count: number): Promise<unknown[]> {
  const payloads: unknown[] = [];
  for await (const { payload } of stream) {
    payloads.push(payload);
    if (payloads.length === count) break;
  }
  return payloads;
}

describe('a stream of events', () => {
  test('has everything that was emitted after it was ready, in order', async () => {
    await using service = await FakeService.start(broker);
    await client.startup();
    await using _client = client;
    const stream = client.events(selector('tick'));
    await stream.ready;
    for (let json = 0; json < 200; json++) await service.emit('tick', { json });
    expect(await payloadsOf(stream, 200)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect(reports.all).toEqual([]);
  });

  test('says who emitted what, and when it came', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    await using stream = client.events(selector('*'));
    await stream.ready;
    await service.emit('image', { bytes: Uint8Array.of(1, 2), contentType: 'image/png' });
    const { value } = await stream.next();
    expect(value).toEqual({
      source: ADDRESS,
      capabilityName: 'Fake',
      eventName: 'image',
      payload: expect.any(Uint8Array),
      contentType: 'image/png',
      headers: expect.objectContaining({ source: ADDRESS, eventName: 'image' }),
      furtherHeaders: {},
      bytes: expect.any(Uint8Array),
      receivedAtMs: expect.any(Number),
    } satisfies Record<keyof EventMessage, unknown>);
  });

  test('several readers of one stream get each event once; the end reaches all of them', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    const stream = client.events(selector('tick'));
    await stream.ready;
    const [one, two, three] = [stream.next(), stream.next(), stream.next()];
    await service.emit('tick', { json: 1 });
    await service.emit('tick', { json: 2 });
    expect([(await one).value.payload, (await two).value.payload]).toEqual([1, 2]);
    await stream.stop();
    expect(await three).toEqual({ value: undefined, done: true });
  });

  test('two streams of the same events each get all of them', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    const streams = [client.events(selector('tick')), client.events(selector('*'))];
    await Promise.all(streams.map(({ ready }) => ready));
    for (const json of [1, 2]) await service.emit('tick', { json });
    expect(await Promise.all(streams.map((stream) => payloadsOf(stream, 2)))).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test.each([
    ['of another protocol version', { sdk_version: '0.8.0' }, 'VERSION_INCOMPATIBLE'],
    ['that names another source', { source: 'org.fac.sys.-.evil' }, 'HEADERS_INVALID'],
    ['that names another event', { event_name: 'tock' }, 'HEADERS_INVALID'],
    ['that names another capability', { capability_name: 'Evil' }, 'HEADERS_INVALID'],
    ['without an id', { message_id: '' }, 'HEADERS_INVALID'],
    ['whose pointer is none', { data_handler: 'MINIO' }, 'PAYLOAD_INVALID'],
    ['in an unknown data store', { data_handler: 'S3' }, 'DATA_HANDLER_UNSUPPORTED'],
  ])('an event %s is refused and reported, the next one is delivered', async (_, headers, code) => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'));
    await stream.ready;
    await service.emit('tick', { json: 'wrong', headers });
    await service.emit('tick', { json: 'right' });
    expect((await stream.next()).value.payload).toBe('right');
    expect(summary(reports.all)).toEqual([`message-refused ${code}`]);
  });

  test('an event that is not the JSON it says it is: reported without showing it', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'));
    await stream.ready;
    await service.emit('tick', { bytes: Buffer.from('{"secret'), contentType: 'application/json' });
    const [report] = await reports.reach(1);
    expect(summary(reports.all)).toEqual(['message-refused PAYLOAD_INVALID']);
    expect(report?.message).not.toContain('secret');
  });

  test('an event larger than the client takes is refused and reported, the next one is delivered', async () => {
    await using service = await FakeService.start(broker);
    client = new IntersectClient({
      brokers: [memoryTransport(broker)],
      onReport: reports.add,
      maxPayloadBytes: 10,
    });
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'));
    await stream.ready;
    await service.emit('tick', { json: 'x'.repeat(10) });
    await service.emit('tick', { json: 'right' });
    expect((await stream.next()).value.payload).toBe('right');
    expect(summary(reports.all)).toEqual(['message-refused PAYLOAD_INVALID']);
  });

  test('an event has bigints where the client asks for them', async () => {
    await using service = await FakeService.start(broker);
    client = new IntersectClient({ brokers: [memoryTransport(broker)], integers: 'bigint' });
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'));
    await stream.ready;
    await service.emit('tick', { json: [1, 9007199254740993n] });
    expect((await stream.next()).value.payload).toEqual([1, 9007199254740993n]);
  });

  test('an event that comes a second time is delivered once', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'));
    await stream.ready;
    const headers = { message_id: '6f1c0d6e-8f4e-4f5e-9d55-0a6f0f2b5c11' };
    for (const json of [1, 1]) await service.emit('tick', { json, headers });
    await service.emit('tick', { json: 2 });
    expect(await payloadsOf(stream, 2)).toEqual([1, 2]);
  });

  test('survives a lost connection, and what is emitted meanwhile is kept', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'));
    await stream.ready;
    broker.refuse(true);
    broker.sever('client');
    await service.emit('tick', { json: 'kept' });
    broker.refuse(false);
    expect((await stream.next()).value.payload).toBe('kept');
  });

  test('opened while there is no connection is ready when there is one, not before', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    broker.sever('client');
    const stream = client.events(selector('tick'));
    await stream.ready;
    expect(client.isConnected()).toBe(true);
    await service.emit('tick', { json: 1 });
    expect(await payloadsOf(stream, 1)).toEqual([1]);
  });
});

describe('the end of a stream', () => {
  test('by leaving the loop: nothing is left at the broker', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    const queues = broker.queueCount;
    const stream = client.events(selector('tick'));
    await stream.ready;
    expect(broker.queueCount).toBe(queues + 1);
    await service.emit('tick');
    await payloadsOf(stream, 1);
    expect(broker.queueCount).toBe(queues);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  test('by an error inside the loop', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    const queues = broker.queueCount;
    const stream = client.events(selector('tick'));
    await stream.ready;
    await service.emit('tick');
    const error = await thrownBy(async () => {
      for await (const _event of stream) throw new Error('broken reader');
    });
    expect(error).toEqual(new Error('broken reader'));
    expect(broker.queueCount).toBe(queues);
  });

  test('by the signal, while a reader waits', async () => {
    await using _service = await FakeService.start(broker);
    await using _client = await client.startup();
    const queues = broker.queueCount;
    const abort = new AbortController();
    const stream = client.events(selector('tick'), { signal: abort.signal });
    await stream.ready;
    const reading = payloadsOf(stream, 1);
    abort.abort();
    expect(await reading).toEqual([]);
    await stream.stop();
    expect(broker.queueCount).toBe(queues);
  });

  test('by a signal that was given long ago', async () => {
    await using _client = await client.startup();
    const queues = broker.queueCount;
    const stream = client.events(selector('tick'), { signal: AbortSignal.abort() });
    expect(await payloadsOf(stream, 1)).toEqual([]);
    await stream.stop();
    expect(broker.queueCount).toBe(queues);
  });

  test('by await using, twice, and by stop: what is buffered can still be read', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    const stream = client.events(selector('tick'));
    {
      await using _stream = stream;
      await stream.ready;
      await emitAll(service, [1, 2]);
    }
    await Promise.all([stream.stop(), stream.stop()]);
    expect(await payloadsOf(stream, 3)).toEqual([1, 2]);
  });

  test('by shutdown, while a reader waits', async () => {
    await client.startup();
    const stream = client.events(selector('tick'));
    await stream.ready;
    const reading = payloadsOf(stream, 1);
    await client.shutdown();
    expect(await reading).toEqual([]);
  });

  test('by shutdown while it waits for the connection: shutdown does not wait with it', async () => {
    await client.startup();
    broker.refuse(true);
    broker.sever('client');
    const stream = client.events(selector('tick'));
    await client.shutdown();
    expect(await thrownBy(() => stream.ready)).toMatchObject({ code: 'ABORTED' });
    expect(reports.all).toEqual([]);
  });

  test('by stop while it waits for the connection', async () => {
    await using _client = await client.startup();
    broker.refuse(true);
    broker.sever('client');
    const stream = client.events(selector('tick'));
    await stream.stop();
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    broker.refuse(false);
  });
});

describe('a reader that is too slow', () => {
  test.each([
    ['drop-oldest', [3, 4], ['event-dropped EVENTS_OVERFLOWED', 'event-dropped EVENTS_OVERFLOWED']],
    ['drop-newest', [1, 2], ['event-dropped EVENTS_OVERFLOWED', 'event-dropped EVENTS_OVERFLOWED']],
  ] as const)('%s: the others are dropped and reported', async (overflow, kept, dropped) => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'), { bufferSize: 2, overflow });
    await stream.ready;
    await emitAll(service, [1, 2, 3, 4]);
    expect(await payloadsOf(stream, 2)).toEqual(kept);
    expect(summary(reports.all)).toEqual(dropped);
    expect(reports.all[0]?.message).toContain(`Fake.tick of ${ADDRESS}`);
  });

  test('fail: what was buffered can be read, then the loop throws once, and listening has ended', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    const queues = broker.queueCount;
    const stream = client.events(selector('tick'), { bufferSize: 2, overflow: 'fail' });
    await stream.ready;
    await emitAll(service, [1, 2, 3, 4]);
    const read: unknown[] = [];
    const error = await thrownBy(async () => {
      for await (const { payload } of stream) read.push(payload);
    });
    expect(read).toEqual([1, 2]);
    expect(error).toBeInstanceOf(MessageError);
    expect(error).toMatchObject({ code: 'EVENTS_OVERFLOWED' });
    expect(summary(reports.all)).toEqual(['event-dropped EVENTS_OVERFLOWED']);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    await stream.stop();
    expect(broker.queueCount).toBe(queues);
  });

  test('1000 events may wait when nothing is said; then the oldest goes', async () => {
    await using service = await FakeService.start(broker);
    await using _client = await client.startup();
    await using stream = client.events(selector('tick'));
    await stream.ready;
    await emitAll(
      service,
      Array.from({ length: 1001 }, (_, index) => index),
    );
    expect(summary(reports.all)).toEqual(['event-dropped EVENTS_OVERFLOWED']);
    expect((await stream.next()).value.payload).toBe(1);
  });
});

describe('what is refused', () => {
  test('every wrong field of selector and options at once', async () => {
    await using _client = await client.startup();
    const options = { bufferSize: 0.5, overflow: 'block', signal: {}, size: 3 };
    const wrong = { hierarchy: 'Nobody', capabilityName: '', eventName: 'a/b', event: 'x' };
    const error = await thrownBy(() => client.events(wrong as never, options as never));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).issues.map(({ path }) => path)).toEqual([
      'capabilityName',
      'hierarchy',
      'eventName',
      'event',
      'signal',
      'bufferSize',
      'overflow',
      'size',
    ]);
  });

  test('before startup and after shutdown: NOT_CONNECTED', async () => {
    for (const step of [() => client.startup().then(() => client.shutdown()), () => client.shutdown()]) {
      const error = await thrownBy(() => client.events(selector('tick')));
      expect(error).toBeInstanceOf(IllegalStateError);
      expect(error).toMatchObject({ code: 'NOT_CONNECTED' });
      await step();
    }
  });
});
