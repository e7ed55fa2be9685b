import type { IntersectClientConfig, StatusOptions } from '@intersect-sdk/client';
import { defineCapability, Type } from '@intersect-sdk/contract';
import {
  type ConfigError,
  encodeLifecycleHeaders,
  encodePayload,
  type LifecycleType,
  lifecycleChannel,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  ValidationError,
} from '@intersect-sdk/core';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test, vi } from 'vitest';
import { askingClient } from './conversing.js';
import { ADDRESS, FakeService } from './fake-service.js';
import { summary, thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const status = Type.Object({ kelvin: Type.Number() });
const Fake = defineCapability({ name: 'Fake', status: { schema: status } });
const Told = defineCapability({ name: 'Fake', status: { schema: status, name: null } });
const Unsaid = defineCapability({ name: 'Fake', operations: { nothing: {} } });

const RIGHT = { kelvin: 5 };
const WRONG = { kelvin: 'hot' };

const startClient = (config: Partial<IntersectClientConfig> = {}) =>
  askingClient({ broker, reports }, config).startup();

describe('the status of a service', () => {
  async function tell(
    payload: unknown,
    type: LifecycleType = 'LCT_POLLING',
    source = ADDRESS,
  ): Promise<void> {
    const transport = memoryTransport(broker);
    await transport.connect();
    await transport.publish({
      channel: lifecycleChannel(ADDRESS),
      contentType: 'application/json',
      payload: encodePayload(payload, 'application/json'),
      headers: encodeLifecycleHeaders({
        messageId: newId(),
        source,
        createdAt: nowIso(),
        sdkVersion: PROTOCOL_VERSION,
        lifecycleType: type,
      }),
    });
    await transport.close();
  }
  const polling = (told: unknown) => ({ schema: {}, status: { Fake: told, other: null } });

  /** A client, and its promise of the first status that it waits for once it listens. */
  async function waiting(
    contract: typeof Told | typeof Unsaid = Told,
    config = {},
    options: StatusOptions = {},
  ) {
    const client = await startClient(config);
    const lab = client.capability(contract as typeof Told, ADDRESS);
    const queue = vi.spyOn(broker, 'queue');
    const first = lab.$status(options);
    first.catch(() => {});
    await expect.poll(() => queue).toHaveBeenCalled();
    return { client, lab, first };
  }

  test('is asked for where the contract says by which operation', async () => {
    await using service = await FakeService.start(broker, { 'Fake.status': () => ({ json: RIGHT }) });
    await using client = await startClient();
    expect(await client.capability(Fake, ADDRESS).$status()).toEqual(RIGHT);
    expect(service.received[0]?.headers.operationId).toBe('Fake.status');
  });

  test('is the last that it told by itself where the contract does not, with its age', async () => {
    const { client, lab, first } = await waiting();
    await using _client = client;
    await tell('bye', 'LCT_SHUTDOWN');
    await tell(polling(RIGHT));
    const { status: told, ageMs } = await first;
    expect(told).toEqual(RIGHT);
    expect(ageMs).toBeGreaterThanOrEqual(0);
    await expect.poll(async () => (await lab.$status()).ageMs).toBeGreaterThan(ageMs + 1);
    await tell(polling({ kelvin: 6 }));
    await expect.poll(async () => (await lab.$status()).status).toEqual({ kelvin: 6 });
    expect(reports.all).toEqual([]);
  });

  test('is told also where the contract says nothing of it', async () => {
    const { client, first } = await waiting(Unsaid);
    await using _client = client;
    await tell(polling('Up'), 'LCT_STARTUP');
    expect((await first).status).toBe('Up');
    expect(reports.all).toEqual([]);
  });

  test('that it told is checked like an answer', async () => {
    const { client, lab, first } = await waiting();
    await using _client = client;
    await tell(polling(WRONG));
    expect((await first).status).toEqual(WRONG);
    expect(reports.all).toMatchObject([
      { kind: 'contract-broken', capability: 'Fake', source: ADDRESS, issues: [{ path: 'kelvin' }] },
    ]);
    await expect(lab.$status({ check: 'both' })).rejects.toBeInstanceOf(ValidationError);
    expect((await lab.$status({ check: 'none' })).status).toEqual(WRONG);
    expect(reports.all).toHaveLength(1);
  });

  test('that it told has bigints where the client asks for them', async () => {
    const kelvin = 9007199254740993n;
    const { client, first } = await waiting(Unsaid, { integers: 'bigint' });
    await using _client = client;
    await tell(polling({ kelvin }));
    expect((await first).status).toEqual({ kelvin });
    expect(reports.all).toEqual([]);
  });

  test('that it told has lost digits otherwise, which is reported once', async () => {
    const { client, lab, first } = await waiting(Unsaid);
    await using _client = client;
    await tell(polling(9007199254740993n));
    expect((await first).status).toBe(9007199254740992);
    await tell(polling(9007199254740995n));
    await expect.poll(async () => (await lab.$status()).status).toBe(9007199254740996);
    expect(reports.all).toMatchObject([{ kind: 'digits-lost', source: ADDRESS }]);
  });

  test('is not waited for longer than is said; who asks again may wait longer', async () => {
    const { client, lab, first } = await waiting(Told, {}, { timeoutMs: 1 });
    await using _client = client;
    await expect(first).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', destination: ADDRESS });
    const signal = AbortSignal.abort();
    await expect(lab.$status({ signal })).rejects.toMatchObject({ code: 'ABORTED' });
    const second = lab.$status();
    await tell(polling(RIGHT));
    expect((await second).status).toEqual(RIGHT);
  });

  test('is not waited for beyond the shutdown', async () => {
    const { client, first } = await waiting();
    await client.shutdown();
    await expect(first).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect(broker.queueCount).toBe(0);
  });

  test('that nobody waits for any more fails nobody at the shutdown', async () => {
    const { client, first } = await waiting(Told, {}, { signal: AbortSignal.abort() });
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    // What is rejected and unhandled ends this run with an error.
    await client.shutdown();
    expect(reports.all).toEqual([]);
  });

  test('is not taken from who says to be another, nor from what holds none', async () => {
    const { client, first } = await waiting();
    await using _client = client;
    await tell(polling(RIGHT), 'LCT_POLLING', 'org.fac.sys.-.other');
    await tell({ status: 'Up' });
    await tell(null);
    await tell(polling({ kelvin: 1 }));
    expect((await first).status).toEqual({ kelvin: 1 });
    expect(summary(reports.all)).toEqual([
      'message-refused HEADERS_INVALID',
      'message-refused PAYLOAD_INVALID',
      'message-refused PAYLOAD_INVALID',
    ]);
  });

  test('takes options that can be meant', async () => {
    await using client = await startClient();
    const error = await thrownBy(() => client.capability(Told, ADDRESS).$status({ timeout: 5 } as never));
    expect((error as ConfigError).issues).toMatchObject([{ path: 'timeout' }]);
  });
});
