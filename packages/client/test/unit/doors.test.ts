import type { CallOptions, IntersectClientConfig } from '@intersect-sdk/client';
import { Binary, defineCapability, Type } from '@intersect-sdk/contract';
import { ConfigError, ValidationError } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { askingClient } from './conversing.js';
import { ADDRESS, echo, FakeService } from './fake-service.js';
import { summary, thrownBy } from './support.js';
import { broker, freshForEachTest, reports } from './surroundings.js';

freshForEachTest();

const Fake = defineCapability({
  name: 'Fake',
  operations: {
    echo: { request: Type.Unknown(), response: Type.Object({ kelvin: Type.Number() }) },
    image: { response: Binary('image/png') },
    nothing: {},
    $odd: { response: Type.String() },
    once: { response: Type.String() },
    again: { response: Type.String(), idempotent: true },
  },
  events: { tick: { schema: Type.Integer() } },
});

const RIGHT = { kelvin: 5 };
const WRONG = { kelvin: 'hot' };

const startClient = (config: Partial<IntersectClientConfig> = {}) =>
  askingClient({ broker, reports }, config).startup();
const startFake = (operations: Parameters<typeof FakeService.start>[1] = {}) =>
  FakeService.start(broker, { 'Fake.echo': echo, ...operations });

describe('an answer that does not fit', () => {
  test('is reported and given, and never shown', async () => {
    await using _service = await startFake();
    await using client = await startClient();
    const lab = client.capability(Fake, ADDRESS);
    expect(await lab.echo(RIGHT)).toEqual(RIGHT);
    expect(reports.all).toEqual([]);
    const answer = await lab.$details.echo(WRONG);
    expect(answer.payload).toEqual(WRONG);
    expect(reports.all).toMatchObject([
      {
        kind: 'contract-broken',
        code: 'SCHEMA_MISMATCH',
        operation: 'Fake.echo',
        source: ADDRESS,
        requestId: answer.requestId,
        messageId: answer.headers.messageId,
        issues: [{ path: 'kelvin', message: 'must be a number, got string' }],
      },
    ]);
    expect(JSON.stringify(reports.all)).not.toContain('hot');
    expect(reports.all[0]?.error?.message).not.toContain('hot');
  });

  test.each<[string, Partial<IntersectClientConfig>, CallOptions]>([
    ['the client says', { check: 'both' }, {}],
    ['the call says, whatever the client does', { check: 'none' }, { check: 'both' }],
  ])("is thrown where 'both' is what %s", async (_, config, options) => {
    await using _service = await startFake();
    await using client = await startClient(config);
    const lab = client.capability(Fake, ADDRESS);
    const error = await thrownBy(() => lab.echo(WRONG, options));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: 'SCHEMA_MISMATCH', mayHaveRun: true, retryable: false });
    expect((error as Error).message).toMatch(/answer of org\.fac\.sys\.-\.fake to Fake\.echo.*kelvin/);
    expect(await lab.echo(RIGHT, options)).toEqual(RIGHT);
    expect(reports.all).toEqual([]);
  });

  test("is nobody's business with 'none', and neither is a wrong argument", async () => {
    await using service = await startFake();
    await using client = await startClient({ check: 'none' });
    const Strict = defineCapability({
      name: 'Fake',
      operations: { echo: { request: Type.Number(), response: Type.Number() } },
    });
    expect(await client.capability(Strict, ADDRESS).echo('x' as never)).toBe('x');
    expect(service.received).toHaveLength(1);
    expect(reports.all).toEqual([]);
  });

  test.each([
    {
      what: 'JSON in place of bytes',
      operation: 'image',
      answer: { json: 'text' },
      says: /image\/png, got application\/json/,
    },
    {
      what: 'bytes of another kind',
      operation: 'image',
      answer: { bytes: Uint8Array.of(1), contentType: 'image/gif' },
      says: /got image\/gif/,
    },
    {
      what: 'something where nothing is declared',
      operation: 'nothing',
      answer: { json: 1 },
      says: /must be null/,
    },
  ] as const)('because it is $what', async ({ operation, answer, says }) => {
    await using _service = await startFake({ [`Fake.${operation}`]: () => answer });
    await using client = await startClient({ check: 'both' });
    const error = await thrownBy(() => client.capability(Fake, ADDRESS).$call(operation));
    expect((error as Error).message).toMatch(says);
  });

  test('is not asked for again by retry', async () => {
    await using service = await startFake({ 'Fake.again': () => ({ json: 5 }) });
    await using client = await startClient({ check: 'both', retry: { attempts: 3, minDelayMs: 0 } });
    await expect(client.capability(Fake, ADDRESS).again()).rejects.toBeInstanceOf(ValidationError);
    expect(service.received).toHaveLength(1);
  });
});

describe('a contract that cannot be used', () => {
  const Faulty = defineCapability({
    name: 'Fake',
    operations: {
      echo: { request: { type: 'nothing' }, response: Type.Number() },
      once: { response: { type: 'nothing' } },
    },
  });

  test('is said before a request is sent, where it is the argument', async () => {
    await using service = await startFake();
    await using client = await startClient();
    const error = await thrownBy(() => client.capability(Faulty, ADDRESS).echo(1 as never));
    expect(error).toBeInstanceOf(ConfigError);
    expect(service.received).toEqual([]);
  });

  test('is reported, and the answer given, where it is the answer', async () => {
    await using _service = await startFake({ 'Fake.once': () => ({ json: 1 }) });
    await using client = await startClient();
    expect(await client.capability(Faulty, ADDRESS).once()).toBe(1);
    expect(summary(reports.all)).toEqual(['contract-broken CONFIG_INVALID']);
  });

  test('is refused, like an address that is none, when the door is made', async () => {
    await using client = await startClient();
    const error = await thrownBy(() => client.capability({ name: 'Fake' } as never, 'Nobody'));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).issues.map(({ path }) => path)).toEqual(['definition', 'address']);
  });
});

test('an operation with any name is called by $call', async () => {
  await using service = await startFake({ 'Fake.$odd': () => ({ json: 'odd' }) });
  await using client = await startClient();
  const lab = client.capability(Fake, ADDRESS);
  expect(await lab.$call('$odd')).toBe('odd');
  expect(Object.keys(lab)).not.toContain('$odd');
  expect(service.received[0]?.headers.operationId).toBe('Fake.$odd');
});

test('a door can be made before the start, and says that nothing runs', async () => {
  const client = askingClient({ broker, reports }, {});
  const lab = client.capability(Fake, ADDRESS);
  for (const use of [() => lab.nothing(), () => lab.$events('tick'), () => lab.$status()]) {
    expect(await thrownBy(use)).toMatchObject({ code: 'NOT_CONNECTED' });
  }
  await using _client = await client.startup();
  await using _service = await startFake({ 'Fake.nothing': () => ({ json: null }) });
  expect(await lab.nothing()).toBe(null);
});

describe('a request whose answer is lost', () => {
  /** How often the operation was asked for until it answered or the caller was told. */
  async function asked(operation: 'once' | 'again', options: CallOptions = {}): Promise<number> {
    let tries = 0;
    await using _service = await startFake({
      [`Fake.${operation}`]: () => (++tries < 3 ? [] : [{ json: 'done' }]),
    });
    await using client = await startClient({ requestTimeoutMs: 20, retry: { attempts: 3, minDelayMs: 0 } });
    await client
      .capability(Fake, ADDRESS)
      [operation](options)
      .catch(() => {});
    return tries;
  }

  test('is repeated where the contract says that the operation may run twice', async () => {
    expect(await asked('again')).toBe(3);
    expect(await asked('once')).toBe(1);
  });

  test('is or is not repeated as the call says, where it says', async () => {
    expect(await asked('again', { idempotent: false })).toBe(1);
    expect(await asked('once', { idempotent: true })).toBe(3);
  });
});

describe('an event that does not fit', () => {
  test('is reported and given', async () => {
    await using service = await startFake();
    await using client = await startClient();
    const events = client.capability(Fake, ADDRESS).$events('tick');
    await events.ready;
    for (const json of [1, 'two', 3]) await service.emit('tick', { json });
    const given: unknown[] = [];
    for await (const { payload } of events) if (given.push(payload) === 3) break;
    expect(given).toEqual([1, 'two', 3]);
    expect(reports.all).toMatchObject([
      {
        kind: 'contract-broken',
        code: 'SCHEMA_MISMATCH',
        capability: 'Fake',
        event: 'tick',
        source: ADDRESS,
        messageId: expect.any(String),
      },
    ]);
    expect(JSON.stringify(reports.all)).not.toContain('two');
  });

  test("ends the loop with the error with 'both'", async () => {
    await using service = await startFake();
    await using client = await startClient();
    const events = client.capability(Fake, ADDRESS).$events('tick', { check: 'both' });
    await events.ready;
    for (const json of [1, 'two', 3]) await service.emit('tick', { json });
    const given: unknown[] = [];
    const error = await thrownBy(async () => {
      for await (const { payload } of events) given.push(payload);
    });
    expect(error).toBeInstanceOf(ValidationError);
    expect(given).toEqual([1]);
    // Of requests and of answers: the one of the events is gone.
    expect(broker.queueCount).toBe(2);
    expect(reports.all).toEqual([]);
  });

  test("is nobody's business with 'none'", async () => {
    await using service = await startFake();
    await using client = await startClient({ check: 'none' });
    await using events = client.capability(Fake, ADDRESS).$events('tick');
    await events.ready;
    await service.emit('tick', { json: 'one' });
    expect(await events.next()).toMatchObject({ value: { payload: 'one' } });
    expect(reports.all).toEqual([]);
  });

  test('a loop ends by its signal, and at shutdown', async () => {
    await using client = await startClient();
    const stopping = new AbortController();
    const lab = client.capability(Fake, ADDRESS);
    const one = lab.$events('tick', { signal: stopping.signal });
    const two = lab.$events('tick');
    await Promise.all([one.ready, two.ready]);
    stopping.abort();
    expect(await one.next()).toEqual({ value: undefined, done: true });
    const last = two.next();
    await client.shutdown();
    expect(await last).toEqual({ value: undefined, done: true });
  });
});

test('an argument for an operation that takes none is refused, not dropped, whichever way it is called', async () => {
  await using service = await startFake();
  await using client = await startClient({ check: 'none' });
  const lab = client.capability(Fake, ADDRESS) as unknown as Record<string, (...given: unknown[]) => unknown>;
  const byName = await thrownBy(() => lab.$call?.('once', 5));
  expect(byName).toBeInstanceOf(ValidationError);
  expect((byName as Error).message).toMatch(/Fake\.once.*takes none, got number/);
  expect(await thrownBy(() => lab.once?.(5))).toBeInstanceOf(ConfigError);
  expect(service.received).toEqual([]);
});
