import type { IntersectClientConfig } from '@intersect-sdk/client';
import { ConfigError, PublishError, requestChannel, ValidationError } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test, vi } from 'vitest';
import { message as ask, askingClient } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { deferred, summary, thrownBy, WAITS_AN_HOUR } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const newClient = (config: Partial<IntersectClientConfig> = {}) => askingClient({ broker, reports }, config);

describe('an answer', () => {
  test('comes back as a plain value', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    const payload = { text: 'ö', list: [1, null, true], nested: { empty: {} } };
    expect(await client.request(ask('echo', payload))).toEqual(payload);
    expect(reports.all).toEqual([]);
  });

  test('has bigints where the client asks for them, and its argument keeps its digits either way', async () => {
    await using _service = await FakeService.start(broker, {
      'Fake.echo': ({ payload }) => ({ bytes: payload }),
    });
    const argument = { count: 12345678901234567890n, small: 5, text: '12345678901234567890' };
    await using exact = await newClient({ integers: 'bigint' }).startup();
    expect(await exact.request(ask('echo', argument))).toEqual(argument);
    expect(reports.all).toEqual([]);
    await using usual = await newClient().startup();
    const { payload, bytes } = await usual.requestWithDetails(ask('echo', argument));
    expect(payload).toEqual({ ...argument, count: Number(argument.count) });
    expect(new TextDecoder().decode(bytes)).toContain('"count":12345678901234567890,');
    expect(reports.all).toMatchObject([{ kind: 'digits-lost', operation: 'Fake.echo' }]);
  });

  test('comes with all that is known of it', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    const before = Date.now();
    const response = await client.requestWithDetails(ask('echo', 1));
    const { headers, sentAtMs, receivedAtMs } = response;
    expect(response).toMatchObject({
      source: ADDRESS,
      operation: 'Fake.echo',
      payload: 1,
      contentType: 'application/json',
      campaignId: client.campaignId,
      requestId: headers.requestId,
    });
    expect(headers.destination).toBe(client.address);
    const times = [before, sentAtMs, receivedAtMs, Date.now()];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test.each([undefined, null])('a payload of %s goes out as the JSON null', async (payload) => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    expect(await client.request(ask('echo', payload))).toBe(null);
    expect(Buffer.from(service.received[0]?.payload ?? []).toString()).toBe('null');
  });

  test('binary both ways, untouched', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const answer = await client.request(ask('echo', bytes, { contentType: 'image/png' }));
    expect(answer).toBeInstanceOf(Uint8Array);
    expect([...(answer as Uint8Array)]).toEqual([...bytes]);
    expect(service.received[0]?.contentType).toBe('image/png');
  });

  test('each finds its own request among many, whatever the order of the answers', async () => {
    const all = deferred();
    let waiting = 0;
    await using _service = await FakeService.start(broker, {
      'Fake.echo': async (request) => {
        if (++waiting === 100) all.resolve();
        await all.promise;
        return echo(request);
      },
    });
    await using client = await newClient().startup();
    const asked = Array.from({ length: 100 }, (_, index) => index);
    expect(await Promise.all(asked.map((index) => client.request(ask('echo', index))))).toEqual(asked);
  });

  test('the request says who asks, in one campaign, each with ids of its own', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    await Promise.all([client.request(ask('echo')), client.request(ask('echo'))]);
    const [one, two] = service.received.map(({ headers }) => headers);
    expect(one).toMatchObject({
      source: client.address,
      destination: ADDRESS,
      campaignId: client.campaignId,
      operationId: 'Fake.echo',
      dataHandler: 'MESSAGE',
      hasError: false,
      sdkVersion: '0.9.6',
    });
    expect(two?.campaignId).toBe(one?.campaignId);
    expect(new Set([one?.messageId, two?.messageId, one?.requestId, two?.requestId]).size).toBe(4);
  });
});

describe('what is refused before anything is sent', () => {
  test.each([
    ['a wrong address', { destination: 'Nobody' }, 'destination'],
    ['an empty address', { destination: '' }, 'destination'],
    ['an operation without its capability', { operation: 'echo' }, 'operation'],
    ['an empty operation', { operation: '' }, 'operation'],
    ['a wrong content type', { contentType: 'text/html; charset=utf-8' }, 'contentType'],
    ['a data store that is not supported yet', { dataHandler: 'MINIO' }, 'dataHandler'],
    ['a misspelt field', { timeout: 5 }, 'timeout'],
  ])('%s: ConfigError', async (_, wrong, path) => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    const error = await thrownBy(() => client.request({ ...ask('echo'), ...wrong } as never));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).issues.map((issue) => issue.path)).toEqual([path]);
    expect(service.received).toEqual([]);
  });

  test.each([
    ["a value that JSON can't carry", { payload: { deep: [Number.NaN] } }, 'payload.deep[0]'],
    ['bytes as JSON', { payload: Uint8Array.of(1) }, 'payload'],
    ['a value under a binary content type', { payload: 'text', contentType: 'image/png' }, 'payload'],
  ])('%s: ValidationError', async (_, wrong, path) => {
    await using client = await newClient().startup();
    const error = await thrownBy(() => client.request({ ...ask('echo'), ...wrong }));
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).issues.map((issue) => issue.path)).toEqual([path]);
  });

  test("options that can't be meant, all at once", async () => {
    await using client = await newClient().startup();
    const options = { timeoutMs: Number.POSITIVE_INFINITY, signal: 'stop', onAccepted: 1, retries: 3 };
    const error = await thrownBy(() => client.request({ ...ask('echo'), operation: '?' }, options as never));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).issues.map((issue) => issue.path)).toEqual([
      'operation',
      'timeoutMs',
      'signal',
      'onAccepted',
      'retries',
    ]);
  });

  test('PAYLOAD_TOO_LARGE, with the limit and what to do instead', async () => {
    const narrow = new MemoryBroker({ maxPayloadBytes: 1000 });
    await using service = await FakeService.start(narrow, { 'Fake.echo': echo });
    await using client = await askingClient({ broker: narrow, reports }, {}).startup();
    const error = await thrownBy(() => client.request(ask('echo', 'x'.repeat(1000))));
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect((error as Error).message).toMatch(/1002 bytes.*1000.*MINIO/s);
    expect(service.received).toEqual([]);
    expect(await client.request(ask('echo', 'x'.repeat(998)))).toHaveLength(998);
  });
});

describe('when a request is with the broker', () => {
  test('is told once', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    const onAccepted = vi.fn();
    await client.request(ask('echo'), { onAccepted });
    expect(onAccepted).toHaveBeenCalledTimes(1);
  });

  test('is not told of a request that nobody takes', async () => {
    await using client = await newClient().startup();
    const onAccepted = vi.fn();
    await thrownBy(() => client.request(ask('echo'), { onAccepted }));
    expect(onAccepted).not.toHaveBeenCalled();
  });

  test('a listener that throws harms nothing and is reported', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    const onAccepted = () => {
      throw new Error('bad listener');
    };
    expect(await client.request(ask('echo', 1), { onAccepted })).toBe(1);
    expect(summary(reports.all)).toEqual(['handler-failed bad listener']);
  });
});

describe('across a lost connection', () => {
  test('a request made meanwhile waits for the connection', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    broker.sever('client');
    expect(client.isConnected()).toBe(false);
    expect(await client.request(ask('echo', 1))).toBe(1);
    expect(client.isConnected()).toBe(true);
  });

  test('a request that never gets a connection ends by its own time, and is not sent later', async () => {
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    broker.refuse(true);
    broker.sever('client');
    const error = await thrownBy(() => client.request(ask('echo', 'late'), { timeoutMs: 5 }));
    expect(error).toMatchObject({ code: 'REQUEST_TIMEOUT' });
    broker.refuse(false);
    expect(await client.request(ask('echo', 'in time'))).toBe('in time');
    expect(service.received.map(({ payload }) => Buffer.from(payload).toString())).toEqual(['"in time"']);
  });

  test('an answer sent meanwhile is kept and delivered', async () => {
    const [asked, release] = [deferred(), deferred()];
    await using _service = await FakeService.start(broker, {
      'Fake.slow': async () => {
        asked.resolve();
        await release.promise;
        return { json: 'kept' };
      },
    });
    await using client = await newClient().startup();
    const answer = client.request(ask('slow'));
    await asked.promise;
    broker.refuse(true);
    broker.sever('client');
    release.resolve();
    broker.refuse(false);
    expect(await answer).toBe('kept');
    expect(reports.all).toEqual([]);
  });

  test('shutdown does not wait for a request that could not be sent', async () => {
    const client = await newClient(WAITS_AN_HOUR).startup();
    broker.refuse(true);
    broker.sever('client');
    const outcome = thrownBy(() => client.request(ask('echo')));
    await client.shutdown();
    expect(await outcome).toMatchObject({ code: 'REQUEST_ABORTED' });
  });
});

test('a client takes no requests', async () => {
  await using client = await newClient().startup();
  const stranger = memoryTransport(broker);
  await stranger.connect();
  const message = {
    channel: requestChannel(client.address),
    payload: new Uint8Array(),
    contentType: '',
    headers: {},
  };
  expect(await thrownBy(() => stranger.publish(message, { mustRoute: true }))).toMatchObject({
    code: 'UNROUTABLE',
  });
  await stranger.close();
});
