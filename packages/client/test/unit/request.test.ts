import { IntersectClient, type IntersectClientConfig, type Report } from '@intersect-sdk/client';
import {
  ConfigError,
  IllegalStateError,
  MessageError,
  newId,
  PublishError,
  parseUserspaceHeaders,
  RequestError,
  requestChannel,
  responseChannel,
  ValidationError,
} from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ADDRESS, type Answer, echo, FakeService } from './fake-service.js';
import { Collected, deferred, summary, thrownBy } from './support.js';

let broker: MemoryBroker;
let reports: Collected<Report>;

beforeEach(() => {
  broker = new MemoryBroker();
  reports = new Collected();
});

function newClient(config: Partial<IntersectClientConfig> = {}): IntersectClient {
  const transport = memoryTransport(broker, {
    name: 'client',
    reconnectMinDelayMs: 1,
    reconnectMaxDelayMs: 1,
  });
  return new IntersectClient({ brokers: [transport], onReport: reports.add, ...config });
}

const ask = (operation: string, payload?: unknown, more: object = {}) => ({
  destination: ADDRESS,
  operation: `Fake.${operation}`,
  payload,
  ...more,
});

describe('an answer', () => {
  test('comes back as a plain value', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
    const payload = { text: 'ö', list: [1, null, true], nested: { empty: {} } };
    expect(await client.request(ask('echo', payload))).toEqual(payload);
    expect(reports.all).toEqual([]);
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
    expect([before, sentAtMs, receivedAtMs, Date.now()]).toEqual(
      [before, sentAtMs, receivedAtMs, Date.now()].sort((a, b) => a - b),
    );
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

describe('no answer', () => {
  test('REMOTE_ERROR carries the sentence of the service, and what was asked', async () => {
    await using _service = await FakeService.start(broker, {
      'Fake.fail': () => ({ error: 'out of liquid helium' }),
    });
    await using client = await newClient().startup();
    const error = await thrownBy(() => client.request(ask('fail')));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({
      code: 'REMOTE_ERROR',
      message: 'out of liquid helium',
      destination: ADDRESS,
      operation: 'Fake.fail',
    });
    expect(reports.all).toEqual([]);
  });

  test('UNROUTABLE at once when nobody has that address', async () => {
    await using client = await newClient().startup();
    const error = await thrownBy(() => client.request(ask('echo')));
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ code: 'UNROUTABLE' });
  });

  test("REQUEST_TIMEOUT after the request's own time, and the late answer is reported", async () => {
    const late = deferred<Answer>();
    await using _service = await FakeService.start(broker, { 'Fake.slow': () => late.promise });
    await using client = await newClient().startup();
    const error = await thrownBy(() => client.request(ask('slow'), { timeoutMs: 5 }));
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: 'REQUEST_TIMEOUT', operation: 'Fake.slow' });
    expect((error as Error).message).toContain('5 ms');
    late.resolve({ json: 1 });
    expect(summary(await reports.reach(1))).toEqual(['response-refused RESPONSE_UNEXPECTED']);
  });

  test("REQUEST_TIMEOUT after the client's own time when the request names none", async () => {
    await using _service = await FakeService.start(broker, { 'Fake.slow': () => new Promise(() => {}) });
    await using client = await newClient({ requestTimeoutMs: 5 }).startup();
    expect(await thrownBy(() => client.request(ask('slow')))).toMatchObject({ code: 'REQUEST_TIMEOUT' });
  });

  test('REQUEST_TIMEOUT after five minutes when nobody names a time', async () => {
    await using _service = await FakeService.start(broker, { 'Fake.slow': () => new Promise(() => {}) });
    await using client = await newClient().startup();
    vi.useFakeTimers();
    const outcome = thrownBy(() => client.request(ask('slow')));
    await vi.advanceTimersByTimeAsync(299_999);
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ code: 'REQUEST_TIMEOUT' });
    expect(vi.getTimerCount()).toBe(0);
  });
  afterEach(() => void vi.useRealTimers());

  test('REQUEST_ABORTED by the signal, before and while it waits', async () => {
    const asked = deferred();
    await using service = await FakeService.start(broker, {
      'Fake.slow': () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    await using client = await newClient().startup();
    const abort = new AbortController();
    const reason = new Error('changed my mind');
    const outcome = thrownBy(() => client.request(ask('slow'), { signal: abort.signal }));
    await asked.promise;
    abort.abort(reason);
    expect(await outcome).toMatchObject({ code: 'REQUEST_ABORTED', cause: reason });
    const again = await thrownBy(() => client.request(ask('slow'), { signal: abort.signal }));
    expect(again).toMatchObject({ code: 'REQUEST_ABORTED', cause: reason });
    expect(service.received).toHaveLength(1);
  });

  test('REQUEST_ABORTED by shutdown', async () => {
    const asked = deferred();
    await using _service = await FakeService.start(broker, {
      'Fake.slow': () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    const client = await newClient().startup();
    const outcome = thrownBy(() => client.request(ask('slow')));
    await asked.promise;
    await client.shutdown();
    expect(await outcome).toMatchObject({ code: 'REQUEST_ABORTED' });
  });

  test('VERSION_INCOMPATIBLE when the service speaks another minor version', async () => {
    const headers = { sdk_version: '0.8.9' };
    await using _service = await FakeService.start(broker, { 'Fake.old': () => ({ json: 1, headers }) });
    await using client = await newClient().startup();
    const error = await thrownBy(() => client.request(ask('old')));
    expect(error).toBeInstanceOf(MessageError);
    expect(error).toMatchObject({ code: 'VERSION_INCOMPATIBLE' });
    expect((error as Error).message).toMatch(/0\.8\.9.*0\.9\.6/);
    expect(summary(await reports.reach(1))).toEqual(['message-refused VERSION_INCOMPATIBLE']);
  });

  test('PAYLOAD_INVALID when the answer is not the JSON that it says it is, without showing it', async () => {
    const bytes = Buffer.from('{"secret');
    await using _service = await FakeService.start(broker, {
      'Fake.junk': () => ({ bytes, contentType: 'application/json' }),
    });
    await using client = await newClient().startup();
    const error = await thrownBy(() => client.request(ask('junk')));
    expect(error).toMatchObject({ code: 'PAYLOAD_INVALID' });
    expect(String(error)).not.toContain('secret');
  });

  test('DATA_HANDLER_UNSUPPORTED when the answer lies in a data store', async () => {
    const answer = { json: {}, headers: { data_handler: 'MINIO' } };
    await using _service = await FakeService.start(broker, { 'Fake.far': () => answer });
    await using client = await newClient().startup();
    expect(await thrownBy(() => client.request(ask('far')))).toMatchObject({
      code: 'DATA_HANDLER_UNSUPPORTED',
    });
  });

  test('NOT_CONNECTED before startup and after shutdown', async () => {
    const client = newClient();
    for (const step of [() => client.startup().then(() => client.shutdown()), () => client.shutdown()]) {
      const error = await thrownBy(() => client.request(ask('echo')));
      expect(error).toBeInstanceOf(IllegalStateError);
      expect(error).toMatchObject({ code: 'NOT_CONNECTED' });
      await step();
    }
  });
});

describe('an answer that is not from whom it should be', () => {
  test.each([
    ['another source', { source: 'org.fac.sys.-.evil' }, 'response-refused RESPONSE_UNEXPECTED'],
    ['another operation', { operation_id: 'Evil.op' }, 'response-refused RESPONSE_UNEXPECTED'],
    ['another request', { request_id: newId() }, 'response-refused RESPONSE_UNEXPECTED'],
    ['another receiver', { destination: 'org.fac.sys.-.other' }, 'response-refused RESPONSE_UNEXPECTED'],
    ['no request id', { request_id: '' }, 'message-refused HEADERS_INVALID'],
  ])('%s: refused and reported, and the real answer still arrives', async (_, headers, report) => {
    await using _service = await FakeService.start(broker, {
      'Fake.spoofed': () => [{ json: 'forged', headers }, { json: 'real' }],
    });
    await using client = await newClient().startup();
    expect(await client.request(ask('spoofed'))).toBe('real');
    expect(summary(reports.all)).toEqual([report]);
    expect(reports.all[0]).toMatchObject({ channel: responseChannel(client.address), broker: 'client' });
  });

  test('a second answer is reported and not delivered', async () => {
    await using _service = await FakeService.start(broker, {
      'Fake.twice': () => [{ json: 1 }, { json: 2 }],
    });
    await using client = await newClient().startup();
    expect(await client.request(ask('twice'))).toBe(1);
    expect(summary(await reports.reach(1))).toEqual(['response-refused RESPONSE_UNEXPECTED']);
  });

  test('an answer that nobody asked for', async () => {
    await using service = await FakeService.start(broker);
    await using client = await newClient().startup();
    const headers = parseUserspaceHeaders({
      message_id: newId(),
      campaign_id: newId(),
      request_id: newId(),
      source: client.address,
      destination: ADDRESS,
      created_at: '2026-01-01T00:00:00Z',
      sdk_version: '0.9.6',
      operation_id: 'Fake.echo',
    });
    await service.answer({ headers }, { json: 1 });
    expect(summary(await reports.reach(1))).toEqual(['response-refused RESPONSE_UNEXPECTED']);
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
    ["a value that JSON can't carry", { payload: { deep: [1n] } }, 'payload.deep[0]'],
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
    broker = new MemoryBroker({ maxPayloadBytes: 1000 });
    await using service = await FakeService.start(broker, { 'Fake.echo': echo });
    await using client = await newClient().startup();
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
    const client = await newClient().startup();
    broker.refuse(true);
    broker.sever('client');
    const outcome = thrownBy(() => client.request(ask('echo')));
    const started = performance.now();
    await client.shutdown();
    expect(performance.now() - started).toBeLessThan(1000);
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
