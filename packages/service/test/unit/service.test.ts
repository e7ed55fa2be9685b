import {
  decodePayload,
  parseEventHeaders,
  parseLifecycleHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  Binary,
  type Capability,
  defaultIntersectLifecycleLoop,
  defineCapability,
  Type,
} from '../../src/index.js';
import { ADDRESS, Asker, request } from './support/asker.js';
import { eventsOf, Latch, LIFECYCLE, serviceAt, startPrograms } from './support/programs.js';

const Hello = defineCapability({
  name: 'HelloExample',
  operations: {
    say_hello_to_name: { request: Type.String({ title: 'name' }), response: Type.String() },
    move: { response: Type.String(), ignoreKeys: ['motors'] },
    shine: { response: Type.String(), ignoreKeys: ['laser', 'motors'] },
  },
  events: { hello_event: { schema: Type.String() }, picture: { schema: Binary('image/png') } },
  status: { schema: Type.Object({ mood: Type.String() }) },
});

type HelloCapability = Capability<{ hello_event: string; picture: Uint8Array }>;

function hello(mood: () => string = () => 'good'): HelloCapability {
  return Hello.implement({
    say_hello_to_name: (name) => `Hello, ${name}!`,
    move: () => 'moved',
    shine: () => 'shone',
    status: () => ({ mood: mood() }),
  });
}

const typeOf = (message: WireMessage): string => parseLifecycleHeaders(message.headers).lifecycleType;
const payloadOf = (message: WireMessage): unknown => decodePayload(message.payload, message.contentType);

afterEach(() => {
  vi.useRealTimers();
});

describe('the lifecycle of a service', () => {
  it('is told at start and end, with schema, status and reason', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const lifecycle = await asker.listen(LIFECYCLE);
    const service = serviceAt(broker, [hello()]);
    expect(await service.startup()).toBe(service);
    const startup = await lifecycle.next();
    expect(typeOf(startup)).toBe('LCT_STARTUP');
    expect(startup.headers.source).toBe(ADDRESS);
    expect(startup.contentType).toBe('application/json');
    expect(payloadOf(startup)).toEqual({
      schema: JSON.parse(JSON.stringify(service.schema)),
      status: {
        intersect_sdk: expect.objectContaining({ logical_cpus: expect.any(Number) }),
        HelloExample: { mood: 'good' },
      },
    });
    await service.shutdown('maintenance');
    const end = await lifecycle.next();
    expect([typeOf(end), payloadOf(end)]).toEqual(['LCT_SHUTDOWN', 'maintenance']);
  });

  it('ends with null where there is no reason, and only once', async () => {
    await using programs = await startPrograms([hello()]);
    const lifecycle = await programs.asker.listen(LIFECYCLE);
    await Promise.all([programs.service.shutdown(), programs.service.shutdown()]);
    await programs.service.shutdown();
    expect(lifecycle.all.map((message) => [typeOf(message), payloadOf(message)])).toEqual([
      ['LCT_SHUTDOWN', null],
    ]);
  });

  it('polls at the interval, the first time after a minute at least, until shutdown', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using programs = await startPrograms([hello()], { statusInterval: 30 });
    const lifecycle = await programs.asker.listen(LIFECYCLE);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(lifecycle.all).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(typeOf(await lifecycle.next())).toBe('LCT_POLLING');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(payloadOf(await lifecycle.next())).toMatchObject({ status: { HelloExample: { mood: 'good' } } });
    await programs.service.shutdown();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(lifecycle.all.map(typeOf)).toEqual(['LCT_POLLING', 'LCT_POLLING', 'LCT_SHUTDOWN']);
  });

  it('waits for the whole interval if that is longer than a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using programs = await startPrograms([hello()], { statusInterval: 100 });
    const lifecycle = await programs.asker.listen(LIFECYCLE);
    await vi.advanceTimersByTimeAsync(99_000);
    expect(lifecycle.all).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(typeOf(await lifecycle.next())).toBe('LCT_POLLING');
  });

  it('can begin again, with startup messages sent again', async () => {
    await using programs = await startPrograms([hello()]);
    const { service, asker } = programs;
    const asked = await asker.listen('test-org/test-fac/test-sys/-/other/request');
    service.addStartupMessages([
      { request: { destination: 'test-org.test-fac.test-sys.-.other', operation: 'Cap.go', payload: 1 } },
    ]);
    for (const _round of [1, 2]) {
      await service.shutdown();
      expect(service.isConnected()).toBe(false);
      await service.startup();
      expect(service.isConnected()).toBe(true);
      expect(payloadOf(await asked.next())).toBe(1);
    }
    expect((await asker.ask('HelloExample.say_hello_to_name', { payload: 'again' })).value).toBe(
      'Hello, again!',
    );
  });

  it('is run by the default loop until its signal, and shut down in order', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const lifecycle = await asker.listen(LIFECYCLE);
    const service = serviceAt(broker, [hello()]);
    const stop = new AbortController();
    await defaultIntersectLifecycleLoop(service, {
      signal: stop.signal,
      postStartupCallback: () => stop.abort(),
    });
    expect(lifecycle.all.map(typeOf)).toEqual(['LCT_STARTUP', 'LCT_SHUTDOWN']);
    expect(payloadOf(lifecycle.all[1] as WireMessage)).toBe('Application gracefully terminated.');
  });

  it('ends with the scope', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const lifecycle = await asker.listen(LIFECYCLE);
    {
      await using service = serviceAt(broker, [hello()]);
      await service.startup();
    }
    expect(lifecycle.all.map(typeOf)).toEqual(['LCT_STARTUP', 'LCT_SHUTDOWN']);
  });

  it('can be aborted before it began', async () => {
    const broker = new MemoryBroker();
    const service = serviceAt(broker, [hello()]);
    await expect(service.startup({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(service.isConnected()).toBe(false);
    await service.startup();
    expect(service.isConnected()).toBe(true);
    await service.shutdown();
  });
});

describe('blocked keys', () => {
  it('refuse the operations that have them, and are told', async () => {
    await using programs = await startPrograms([hello()]);
    const { service, asker } = programs;
    const lifecycle = await asker.listen(LIFECYCLE);
    await service.forbidKeys(['laser']);
    expect((await asker.ask('HelloExample.shine')).hasError).toBe(true);
    expect((await asker.ask('HelloExample.move')).hasError).toBe(false);
    await service.forbidKeys(new Set(['motors']));
    expect((await asker.ask('HelloExample.move')).hasError).toBe(true);
    await service.allowKeys(['laser']);
    expect((await asker.ask('HelloExample.shine')).hasError).toBe(true);
    await service.allowAllFunctions();
    expect((await asker.ask('HelloExample.shine')).value).toBe('shone');
    await service.blockAllFunctions();
    expect((await asker.ask('HelloExample.move')).hasError).toBe(true);
    expect((await asker.ask('HelloExample.say_hello_to_name', { payload: 'x' })).hasError).toBe(false);
    expect(lifecycle.all.map((message) => [typeOf(message), payloadOf(message)])).toEqual([
      ['LCT_FUNCTIONS_BLOCKED', ['laser']],
      ['LCT_FUNCTIONS_BLOCKED', ['motors']],
      ['LCT_FUNCTIONS_ALLOWED', ['laser']],
      ['LCT_FUNCTIONS_ALLOWED', ['motors']],
      ['LCT_FUNCTIONS_BLOCKED', ['motors', 'laser']],
    ]);
  });

  it('stay blocked over a restart, and can be read but not changed from outside', async () => {
    await using programs = await startPrograms([hello()]);
    const { service, asker } = programs;
    await service.forbidKeys(['motors']);
    service.getBlockedKeys().clear();
    await service.shutdown();
    await service.startup();
    expect([...service.getBlockedKeys()]).toEqual(['motors']);
    expect((await asker.ask('HelloExample.move')).hasError).toBe(true);
  });

  it('can be set before startup', async () => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    await using service = serviceAt(broker, [hello()]);
    await service.blockAllFunctions();
    await service.startup();
    expect((await asker.ask('HelloExample.move')).hasError).toBe(true);
  });
});

describe('events', () => {
  it('go out with their headers, JSON and bytes', async () => {
    const capability = hello();
    await using programs = await startPrograms([capability]);
    const texts = await programs.asker.listen(eventsOf('HelloExample', 'hello_event'));
    const pictures = await programs.asker.listen(eventsOf('HelloExample', 'picture'));
    await capability.emit('hello_event', 'hi');
    const message = await texts.next();
    expect(parseEventHeaders(message.headers)).toMatchObject({
      source: ADDRESS,
      capabilityName: 'HelloExample',
      eventName: 'hello_event',
      dataHandler: 'MESSAGE',
    });
    expect([payloadOf(message), message.contentType]).toEqual(['hi', 'application/json']);
    await capability.emit('picture', Uint8Array.of(1, 2));
    const picture = await pictures.next();
    expect([picture.payload, picture.contentType]).toEqual([Uint8Array.of(1, 2), 'image/png']);
  });

  it('that do not fit are refused with a clear error, and reported', async () => {
    const capability = hello();
    await using programs = await startPrograms([capability]);
    const emit = capability.emit as (event: string, value: unknown) => Promise<void>;
    await expect(emit('hello_event', 7)).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      message:
        'The event HelloExample.hello_event does not fit its declaration: must be a string, got number',
    });
    await expect(emit('picture', 'text')).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
    await expect(emit('nope', 1)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: [{ path: 'nope', message: 'is not among the events that HelloExample declares' }],
    });
    expect(programs.reports.map(({ kind }) => kind)).toEqual(Array(3).fill('event-not-sent'));
  });

  it('without a running service are refused', async () => {
    const capability = hello();
    await expect(capability.emit('hello_event', 'x')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    const service = serviceAt(new MemoryBroker(), [capability]);
    await expect(capability.emit('hello_event', 'x')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    await service.startup();
    await capability.emit('hello_event', 'x');
    await service.shutdown();
    await expect(capability.emit('hello_event', 'x')).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
  });

  it('leave in the order in which they were emitted', async () => {
    const capability = hello();
    await using programs = await startPrograms([capability]);
    const inbox = await programs.asker.listen(eventsOf('HelloExample', 'hello_event'));
    await Promise.all(Array.from({ length: 50 }, (_, index) => capability.emit('hello_event', `${index}`)));
    for (let index = 0; index < 50; index++) expect(payloadOf(await inbox.next())).toBe(`${index}`);
  });
});

describe('the status', () => {
  it('that fails is null and reported, and everything else goes on', async () => {
    let fails = true;
    const capability = hello(() => {
      if (fails) throw new Error('no mood');
      return 'good';
    });
    await using programs = await startPrograms([capability]);
    expect(programs.reports).toMatchObject([{ kind: 'status-failed', capability: 'HelloExample' }]);
    expect(programs.service.health().failingStatuses).toEqual(['HelloExample']);
    expect((await programs.asker.ask('HelloExample.status')).hasError).toBe(true);
    fails = false;
    const lifecycle = await programs.asker.listen(LIFECYCLE);
    await programs.service.shutdown();
    await programs.service.startup();
    await lifecycle.next();
    expect(payloadOf(await lifecycle.next())).toMatchObject({ status: { HelloExample: { mood: 'good' } } });
    expect(programs.service.health().failingStatuses).toEqual([]);
  });

  it('that does not fit its schema is null and reported', async () => {
    const capability = hello(() => 7 as unknown as string);
    await using programs = await startPrograms([capability]);
    expect(programs.reports).toMatchObject([
      { kind: 'status-failed', error: { message: expect.stringContaining('mood: must be a string') } },
    ]);
  });

  it('of the service itself has figures of this machine and process', async () => {
    await using programs = await startPrograms([hello()]);
    const { value } = await programs.asker.ask('intersect_sdk.system_capability');
    const status = value as Record<string, number> & { cpu_percentages: number[]; uptime: string };
    expect(status.uptime).toMatch(/^P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/);
    expect(status.cpu_percentages).toHaveLength(status.logical_cpus as number);
    expect(status.physical_cpus).toBeLessThanOrEqual(status.logical_cpus as number);
    for (const part of ['memory_usage_percentage', 'disk_usage_percentage', 'service_memory_percentage']) {
      expect(status[part]).toBeGreaterThan(0);
      expect(status[part]).toBeLessThanOrEqual(100);
    }
    expect(status.memory_total).toBeGreaterThan(2 ** 20);
    expect(status.disk_total).toBeGreaterThan(2 ** 20);
  });
});

describe('health', () => {
  it('says what is connected, in flight and counted', async () => {
    const entered = new Latch();
    const release = new Latch();
    const Slow = defineCapability({ name: 'Slow', operations: { wait: {} } });
    const slow = Slow.implement({
      wait: async () => {
        entered.open();
        await release.done;
      },
    });
    await using programs = await startPrograms([slow]);
    const { service, asker } = programs;
    expect(service.health()).toMatchObject({
      state: 'running',
      brokers: [{ state: { kind: 'open' } }],
      requests: { inFlight: 0, running: 0, answered: 0, refused: 0, dropped: 0, repeated: 0 },
      pendingCalls: 0,
      blockedKeys: [],
    });
    const asked = asker.ask('Slow.wait');
    await entered.done;
    expect(service.health().requests).toMatchObject({ inFlight: 1, running: 1 });
    release.open();
    await asked;
    await asker.ask('Slow.nope');
    await asker.transport.publish(request('Slow.wait', { raw: { message_id: 'x' } }));
    const again = request('Slow.wait');
    for (const _round of [1, 2]) {
      await asker.transport.publish(again);
      await asker.replies.next();
    }
    expect(service.health().requests).toMatchObject({ answered: 2, refused: 1, dropped: 1, repeated: 1 });
    await service.shutdown();
    expect(service.health()).toMatchObject({ state: 'stopped', brokers: [] });
  });
});

it('reports an answer whose asker is gone, and goes on', async () => {
  await using programs = await startPrograms([hello()]);
  const { asker, reports } = programs;
  const source = 'test-org.test-fac.test-sys.-.gone';
  await asker.transport.publish(request('HelloExample.move', { headers: { source } }));
  expect((await asker.ask('HelloExample.move')).value).toBe('moved');
  await expect
    .poll(() => reports)
    .toMatchObject([{ kind: 'answer-not-sent', source, error: { code: 'UNROUTABLE' } }]);
});
