import type { IntersectClientConfig } from '@intersect-sdk/client';
import {
  IllegalStateError,
  MessageError,
  newId,
  PublishError,
  parseUserspaceHeaders,
  RequestError,
  responseChannel,
} from '@intersect-sdk/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { message as ask, askingClient } from './conversing.js';
import { ADDRESS, type Answer, FakeService } from './fake-service.js';
import { deferred, summary, thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const newClient = (config: Partial<IntersectClientConfig> = {}) => askingClient({ broker, reports }, config);

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

  test('PAYLOAD_INVALID when the answer is larger than the client takes', async () => {
    await using _service = await FakeService.start(broker, {
      'Fake.large': () => ({ json: 'x'.repeat(100) }),
    });
    await using client = await newClient({ maxPayloadBytes: 101 }).startup();
    const error = await thrownBy(() => client.request(ask('large')));
    expect(error).toMatchObject({ code: 'PAYLOAD_INVALID', message: expect.stringContaining('102 bytes') });
    expect(summary(await reports.reach(1))).toEqual(['message-refused PAYLOAD_INVALID']);
  });

  test('PENDING_FULL when as many requests wait as may; the next one goes when one has ended', async () => {
    const held = deferred();
    await using _service = await FakeService.start(broker, {
      'Fake.held': async () => {
        await held.promise;
        return { json: 1 };
      },
    });
    await using client = await newClient({ maxPendingRequests: 1 }).startup();
    const first = client.request(ask('held'));
    expect(await thrownBy(() => client.request(ask('held')))).toMatchObject({
      code: 'PENDING_FULL',
      retryable: true,
    });
    held.resolve();
    expect([await first, await client.request(ask('held'))]).toEqual([1, 1]);
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
