import { addressOf, newId } from '@intersect-sdk/core';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AnyCapability,
  Binary,
  CapabilityError,
  defineCapability,
  type EventMessage,
  type ExternalResponse,
  IntersectService,
  type IntersectServiceConfig,
  Type,
} from '../../src/index.js';
import { Asker, HIERARCHY } from './support/asker.js';
import { Latch, startPrograms } from './support/programs.js';

const OTHER = { ...HIERARCHY, service: 'other-svc' };
const OTHER_ADDRESS = addressOf(OTHER);

const Echo = defineCapability({
  name: 'Echo',
  operations: {
    echo: { request: Type.String({ title: 's' }), response: Type.String() },
    bytes: { request: Binary('image/png'), response: Binary('image/png') },
    fail: {},
    never: {},
  },
  events: { said: { schema: Type.String() } },
});

const echo = () =>
  Echo.implement({
    echo: (s) => s,
    bytes: (bytes) => bytes,
    fail: () => {
      throw new CapabilityError('not today');
    },
    never: () => new Promise(() => {}),
  });

const Idle = defineCapability({ name: 'Idle', operations: { rest: {} } });
const idle = () => Idle.implement({ rest: () => {} });

async function otherService(
  broker: MemoryBroker,
  capabilities: readonly AnyCapability[],
  config: Partial<IntersectServiceConfig> = {},
): Promise<IntersectService> {
  const service = new IntersectService(capabilities, {
    hierarchy: OTHER,
    brokers: [memoryTransport(broker)],
    shutdownTimeoutMs: 50,
    ...config,
  });
  return service.startup();
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a call to another service', () => {
  it('gives its answer, JSON or bytes', async () => {
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [echo()]);
    const { service } = programs;
    const response = await service.call({
      destination: OTHER_ADDRESS,
      operation: 'Echo.echo',
      payload: 'hi',
    });
    expect(response).toMatchObject({ payload: 'hi', source: OTHER_ADDRESS, operation: 'Echo.echo' });
    const bytes = Uint8Array.of(0, 255);
    const params = {
      destination: OTHER_ADDRESS,
      operation: 'Echo.bytes',
      payload: bytes,
      contentType: 'image/png',
    };
    expect((await service.call(params)).payload).toEqual(bytes);
  });

  it("throws the service's error, and typed errors where no answer comes", async () => {
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [echo()]);
    const { service } = programs;
    const call = (operation: string, options = {}) =>
      service.call({ destination: OTHER_ADDRESS, operation }, options);
    await expect(call('Echo.fail')).rejects.toMatchObject({ code: 'REMOTE_ERROR', message: 'not today' });
    await expect(call('Echo.never', { timeoutMs: 20 })).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    const aborter = new AbortController();
    const aborted = call('Echo.never', { signal: aborter.signal });
    aborter.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'REQUEST_ABORTED' });
    await expect(service.call({ destination: 'no.one.is.-.here', operation: 'A.b' })).rejects.toMatchObject({
      code: 'UNROUTABLE',
    });
    await expect(service.call({ destination: 'Bad', operation: '' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: [{ path: 'operation' }, { path: 'destination' }],
    });
  });

  it('before startup is refused', async () => {
    const service = new IntersectService([idle()], {
      hierarchy: HIERARCHY,
      brokers: [memoryTransport(new MemoryBroker())],
    });
    await expect(service.call({ destination: OTHER_ADDRESS, operation: 'A.b' })).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
    });
  });

  it('both ways, from handlers, blocks nobody, even with one handler at a time', async () => {
    const Ping = defineCapability({
      name: 'Ping',
      operations: { down: { request: Type.Integer({ title: 'n' }), response: Type.Integer() } },
    });
    const ping = (next: string) =>
      Ping.implement({
        down: async (n, { call }) => {
          if (n === 0) return 0;
          const { payload } = await call({ destination: next, operation: 'Ping.down', payload: n - 1 });
          return Number(payload) + 1;
        },
      });
    await using programs = await startPrograms([ping(OTHER_ADDRESS)], { concurrency: 1 });
    await using _other = await otherService(programs.broker, [ping(programs.service.address)], {
      concurrency: 1,
    });
    const rounds = Array.from({ length: 20 }, () => programs.asker.ask('Ping.down', { payload: 6 }));
    expect((await Promise.all(rounds)).map(({ value }) => value)).toEqual(Array(20).fill(6));
  });
});

describe('an external request', () => {
  it('is sent at once and tells its handler the answer', async () => {
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [echo()]);
    const told = new Promise<ExternalResponse>((resolve) => {
      const id = programs.service.createExternalRequest(
        { destination: OTHER_ADDRESS, operation: 'Echo.echo', payload: 'x' },
        (response) => resolve({ ...response, requestId: response.requestId === id ? 'same' : 'other' }),
      );
    });
    expect(await told).toMatchObject({
      requestId: 'same',
      source: OTHER_ADDRESS,
      operation: 'Echo.echo',
      hasError: false,
      payload: 'x',
    });
  });

  it('made before startup waits for it', async () => {
    const broker = new MemoryBroker();
    await using _other = await otherService(broker, [echo()]);
    await using service = new IntersectService([idle()], {
      hierarchy: HIERARCHY,
      brokers: [memoryTransport(broker)],
    });
    const told = new Promise<ExternalResponse>((resolve) => {
      service.createExternalRequest(
        { destination: OTHER_ADDRESS, operation: 'Echo.echo', payload: 'x' },
        resolve,
      );
    });
    await service.startup();
    expect((await told).payload).toBe('x');
  });

  it('tells its handler also of an error, as text, and of an answer that never came', async () => {
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [echo()]);
    const tell = (operation: string, options = {}) =>
      new Promise<ExternalResponse>((resolve) => {
        programs.service.createExternalRequest({ destination: OTHER_ADDRESS, operation }, resolve, options);
      });
    expect(await tell('Echo.fail')).toMatchObject({ hasError: true, payload: 'not today' });
    expect(await tell('Echo.never', { timeoutMs: 20 })).toMatchObject({
      hasError: true,
      payload: expect.stringContaining('No answer'),
      error: { code: 'REQUEST_TIMEOUT' },
    });
    expect(programs.reports.map(({ kind }) => kind)).toEqual(['call-failed', 'call-failed']);
  });

  it('whose handler throws is reported and harms nobody', async () => {
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [echo()]);
    const reported = new Promise<void>((resolve) => {
      programs.service.createExternalRequest(
        { destination: OTHER_ADDRESS, operation: 'Echo.echo', payload: 'x' },
        () => {
          setImmediate(resolve);
          throw new Error('mine');
        },
      );
    });
    await reported;
    expect(programs.reports).toMatchObject([{ kind: 'handler-failed', error: { message: 'mine' } }]);
  });

  it('that can not be sent is refused at once', async () => {
    await using programs = await startPrograms([idle()]);
    expect(() => programs.service.createExternalRequest({ destination: 'x', operation: 'A.b' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
    const bad = [{ request: { destination: 'x', operation: 'A.b' } }];
    expect(() => programs.service.addStartupMessages(bad)).toThrow(/destination/);
    expect(() => programs.service.addShutdownMessages(bad)).toThrow(/destination/);
  });

  it('at shutdown is sent before the service leaves, and its handler told', async () => {
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [echo()]);
    const told: unknown[] = [];
    programs.service.addShutdownMessages([
      {
        request: { destination: OTHER_ADDRESS, operation: 'Echo.echo', payload: 'bye' },
        responseHandler: ({ payload }) => void told.push(payload),
      },
    ]);
    await programs.service.shutdown();
    expect(told).toEqual(['bye']);
  });
});

describe('events of another service', () => {
  const params = { hierarchy: OTHER_ADDRESS, capabilityName: 'Echo', eventName: 'said' };

  it('are handed to every handler, registered before or after startup', async () => {
    const broker = new MemoryBroker();
    const talker = echo();
    await using _other = await otherService(broker, [talker]);
    await using service = new IntersectService([idle()], {
      hierarchy: HIERARCHY,
      brokers: [memoryTransport(broker)],
    });
    const heard: string[] = [];
    const all = new Latch();
    const handler = (name: string) => (event: EventMessage) => {
      heard.push(`${name} ${event.payload} ${event.eventName} ${event.source === OTHER_ADDRESS}`);
      if (heard.length === 2) all.open();
    };
    await service.registerEvent(params, handler('before'));
    await service.startup();
    await service.registerEvent(params, handler('after'));
    await talker.emit('said', 'hello');
    await all.done;
    expect(heard.sort()).toEqual(['after hello said true', 'before hello said true']);
  });

  it('that were sent while the service was down come when it is back', async () => {
    const talker = echo();
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [talker]);
    const heard: unknown[] = [];
    const both = new Latch();
    await programs.service.registerEvent(params, ({ payload }) => {
      heard.push(payload);
      if (heard.length === 2) both.open();
    });
    await programs.service.shutdown();
    await talker.emit('said', 'one');
    await talker.emit('said', 'two');
    await programs.service.startup();
    await both.done;
    expect(heard).toEqual(['one', 'two']);
  });

  it('whose handler throws are reported, and the next one still comes', async () => {
    const talker = echo();
    await using programs = await startPrograms([idle()]);
    await using _other = await otherService(programs.broker, [talker]);
    const second = new Latch();
    await programs.service.registerEvent(params, ({ payload }) => {
      if (payload === 'bad') throw new Error('mine');
      second.open();
    });
    await talker.emit('said', 'bad');
    await talker.emit('said', 'good');
    await second.done;
    expect(programs.reports).toMatchObject([{ kind: 'handler-failed' }]);
  });

  it('that can not be listened to are refused with every problem', async () => {
    await using programs = await startPrograms([idle()]);
    const bad = { hierarchy: 'Bad', capabilityName: 'a-b', eventName: '' };
    await expect(programs.service.registerEvent(bad, 1 as never)).rejects.toMatchObject({
      issues: [{ path: 'eventName' }, { path: 'hierarchy' }, { path: 'capabilityName' }, { path: 'handler' }],
    });
  });
});

describe('a late answer', () => {
  it('is reported and given to nobody', async () => {
    await using programs = await startPrograms([idle()]);
    await using asker = await Asker.connect(programs.broker);
    const reported = new Latch();
    const { service } = programs;
    const inbox = await asker.listen(`${OTHER_ADDRESS.replaceAll('.', '/')}/request`);
    await expect(
      service.call({ destination: OTHER_ADDRESS, operation: 'Echo.echo' }, { timeoutMs: 20 }),
    ).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    const { headers } = await inbox.next();
    await asker.transport.publish({
      channel: `${service.address.replaceAll('.', '/')}/response`,
      payload: new TextEncoder().encode('"late"'),
      contentType: 'application/json',
      headers: { ...headers, message_id: newId(), source: OTHER_ADDRESS, destination: service.address },
    });
    setImmediate(reported.open);
    await reported.done;
    expect(programs.reports).toMatchObject([{ kind: 'response-refused' }]);
  });
});
