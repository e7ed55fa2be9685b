// A client and services that share a contract: what its doors do, on a broker in memory.
import {
  type CapabilityDoor,
  IntersectClient,
  type IntersectClientConfig,
  type Report,
} from '@intersect-sdk/client';
import { ConfigError, ValidationError } from '@intersect-sdk/core';
import {
  Binary,
  CapabilityError,
  defineCapability,
  type Implementation,
  IntersectService,
  type IntersectServiceConfig,
  type ShapeOf,
  Type,
} from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { beforeEach, describe, expect, test } from 'vitest';

const Lab = defineCapability({
  name: 'Lab',
  operations: {
    set_target: { request: Type.Number({ minimum: 0 }), response: Type.Number() },
    measure: {
      request: Type.Object({ seconds: Type.Number(), label: Type.Optional(Type.String()) }),
      response: Type.Object({ label: Type.String() }),
    },
    convert: { request: Binary('image/png', { maxLength: 8 }), response: Binary('image/png') },
    with_default: { request: Type.Number({ default: 5 }), response: Type.Number() },
    home: {},
    wait: { response: Type.Null(), concurrency: 2 },
    fail: {},
    // biome-ignore lint/suspicious/noThenProperty: an operation can have any name
    then: { request: Type.String(), response: Type.String() },
    constructor: { response: Type.String() },
    toString: { response: Type.String() },
    toJSON: { response: Type.String() },
  },
  events: { target_changed: { schema: Type.Number() }, frame: { schema: Binary('image/png') } },
  status: { schema: Type.Object({ kelvin: Type.Number() }), name: 'lab_status' },
});

const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'lab' };
const ADDRESS = 'org.fac.sys.-.lab';

let broker: MemoryBroker;
let reports: Report[];
/** How often `home` ran. */
let homed: number;
let target: number;

beforeEach(() => {
  broker = new MemoryBroker();
  reports = [];
  homed = 0;
  target = 293;
});

const implementation: Implementation<typeof Lab> = {
  set_target: async (kelvin, { emit }) => {
    const before = target;
    target = kelvin;
    await emit('target_changed', kelvin);
    await emit('frame', Uint8Array.of(1, 2, 3));
    return before;
  },
  measure: ({ label = 'none' }) => ({ label }),
  convert: (image) => image.toReversed(),
  with_default: (given) => given,
  home: () => {
    homed += 1;
  },
  wait: (_, { signal }) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true })),
  fail: () => {
    throw new CapabilityError('the beam is off');
  },
  // biome-ignore lint/suspicious/noThenProperty: an operation can have any name
  then: (text) => `then ${text}`,
  constructor: () => 'made',
  toString: () => 'text',
  toJSON: () => 'json',
  lab_status: () => ({ kelvin: target }),
};

const startLab = (config: Partial<IntersectServiceConfig> = {}) =>
  new IntersectService([Lab.implement(implementation)], {
    hierarchy,
    brokers: [memoryTransport(broker)],
    ...config,
  }).startup();

const startClient = (config: Partial<IntersectClientConfig> = {}) =>
  new IntersectClient({
    brokers: [memoryTransport(broker)],
    onReport: (report) => reports.push(report),
    ...config,
  }).startup();

async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Both kinds of program that can open a door, with the lab that it leads to. */
const programs: readonly [
  string,
  () => Promise<AsyncDisposable & { readonly lab: CapabilityDoor<ShapeOf<typeof Lab>> }>,
][] = [
  [
    'a client',
    async () => {
      const service = await startLab();
      const client = await startClient();
      return {
        lab: client.capability(Lab, ADDRESS),
        [Symbol.asyncDispose]: async () => {
          await client.shutdown();
          await service.shutdown();
        },
      };
    },
  ],
  [
    'a service',
    async () => {
      const service = await startLab();
      const Other = defineCapability({ name: 'Other', operations: { idle: {} } });
      const other = await new IntersectService([Other.implement({ idle: () => {} })], {
        hierarchy: { ...hierarchy, service: 'other' },
        brokers: [memoryTransport(broker)],
        onReport: (report) => reports.push(report),
      }).startup();
      return {
        lab: other.capability(Lab, ADDRESS),
        [Symbol.asyncDispose]: async () => {
          await other.shutdown();
          await service.shutdown();
        },
      };
    },
  ],
];

describe.each(programs)('a door of %s', (_, start) => {
  test('calls operations by their own names', async () => {
    await using program = await start();
    const { lab } = program;
    expect(await lab.set_target(77)).toBe(293);
    expect(await lab.set_target(4)).toBe(77);
    expect(await lab.measure({ seconds: 1, label: 'gold' })).toEqual({ label: 'gold' });
    expect(await lab.home()).toBe(null);
    expect(homed).toBe(1);
    expect(reports).toEqual([]);
  });

  test('carries bytes untouched, under the declared content type', async () => {
    await using program = await start();
    const answer = await program.lab.$details.convert(Uint8Array.of(1, 2, 3));
    expect([...answer.payload]).toEqual([3, 2, 1]);
    expect(answer.contentType).toBe('image/png');
    expect(reports).toEqual([]);
  });

  test('gives the events, typed', async () => {
    await using program = await start();
    const { lab } = program;
    const [targets, frames] = [lab.$events('target_changed'), lab.$events('frame')];
    await Promise.all([targets.ready, frames.ready]);
    await lab.set_target(77);
    for await (const { payload, source } of targets) {
      expect([payload, source]).toEqual([77, ADDRESS]);
      break;
    }
    const frame = await frames.next();
    expect([...(frame.value?.payload ?? [])]).toEqual([1, 2, 3]);
    await frames.stop();
    expect(await frames.next()).toEqual({ value: undefined, done: true });
    expect(reports).toEqual([]);
  });

  test('gives the status, and all that is known of an answer', async () => {
    await using program = await start();
    const { lab } = program;
    expect(await lab.$status()).toEqual({ kelvin: 293 });
    const answer = await lab.$details.set_target(5);
    expect(answer).toMatchObject({ payload: 293, source: ADDRESS, operation: 'Lab.set_target' });
    expect(answer.headers.requestId).toBe(answer.requestId);
    expect(answer.receivedAtMs).toBeGreaterThanOrEqual(answer.sentAtMs);
    expect(await lab.$details.$call('then', 'x')).toMatchObject({ payload: 'then x', operation: 'Lab.then' });
  });

  test('calls every operation by $call, also those that can be no method', async () => {
    await using program = await start();
    const { lab } = program;
    expect(await lab.$call('set_target', 5)).toBe(293);
    expect(await lab.$call('then', 'x')).toBe('then x');
    expect(await lab.$call('constructor')).toBe('made');
    expect(await lab.$call('toString')).toBe('text');
    expect(await lab.$call('toJSON')).toBe('json');
    expect(await lab.$call('home', undefined, { timeoutMs: 5_000 })).toBe(null);
  });

  test('is a plain object that nothing calls by chance', async () => {
    await using program = await start();
    const { lab } = program;
    expect(await lab).toBe(lab);
    expect(String(lab)).toBe('[object Object]');
    expect(JSON.stringify(lab)).toBe('{"$details":{},"$bytes":{}}');
    expect(Object.keys(lab)).toEqual([
      'set_target',
      'measure',
      'convert',
      'with_default',
      'home',
      'wait',
      'fail',
      '$call',
      '$events',
      '$status',
      '$details',
      '$bytes',
    ]);
  });

  test('passes on what ends a wait: the time, the signal, the error of the service', async () => {
    await using program = await start();
    const { lab } = program;
    expect(await thrownBy(() => lab.wait({ timeoutMs: 5 }))).toMatchObject({
      code: 'REQUEST_TIMEOUT',
      operation: 'Lab.wait',
      destination: ADDRESS,
    });
    const signal = AbortSignal.abort();
    expect(await thrownBy(() => lab.wait({ signal }))).toMatchObject({ code: 'REQUEST_ABORTED' });
    expect(await thrownBy(() => lab.fail())).toMatchObject({
      code: 'REMOTE_ERROR',
      message: expect.stringContaining('the beam is off'),
    });
  });

  test('refuses a wrong argument before anything is sent, with every problem', async () => {
    await using program = await start();
    const { lab } = program;
    const wrong = { seconds: 'long', label: 5 } as never;
    const error = await thrownBy(() => lab.measure(wrong));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ code: 'SCHEMA_MISMATCH', mayHaveRun: false });
    expect((error as ValidationError).issues.map(({ path }) => path)).toEqual(['seconds', 'label']);
    expect((error as Error).message).not.toContain('long');
    const both = await thrownBy(() => lab.measure({ seconds: Number.NaN, label: 5 } as never));
    expect((both as ValidationError).issues.map(({ path }) => path)).toEqual(['seconds', 'label']);
    expect(await thrownBy(() => lab.set_target(undefined as never))).toMatchObject({
      issues: [{ path: '', message: 'is required' }],
    });
    expect(await thrownBy(() => lab.convert(new Uint8Array(9)))).toBeInstanceOf(ValidationError);
    expect(await thrownBy(() => lab.$call('set_target', -1))).toBeInstanceOf(ValidationError);
    expect(target).toBe(293);
  });

  test('refuses what can be no call, with every problem of it', async () => {
    await using program = await start();
    const { lab } = program;
    const error = await thrownBy(() => lab.set_target('x' as never, { timeoutMS: 1, check: 'all' } as never));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).issues.map(({ path }) => path)).toEqual(['check', 'timeoutMS', 'argument']);
    expect(await thrownBy(() => lab.$call('set_tarjet' as 'home'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('did you mean set_target?'),
    });
    expect(await thrownBy(() => lab.home(5 as never))).toBeInstanceOf(ConfigError);
    expect(await thrownBy(() => lab.$events('target_change' as never))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('did you mean target_changed?'),
    });
    expect(await thrownBy(() => lab.$events('frame', { buffersize: 1 } as never))).toBeInstanceOf(
      ConfigError,
    );
    expect(homed).toBe(0);
  });
});

describe('an argument', () => {
  test('with a default may be left out', async () => {
    await using _service = await startLab();
    await using client = await startClient();
    const lab = client.capability(Lab, ADDRESS);
    expect(await lab.with_default(undefined as never)).toBe(5);
    expect(await lab.with_default(7)).toBe(7);
  });

  test('is judged by what travels', async () => {
    await using _service = await startLab();
    await using client = await startClient();
    const lab = client.capability(Lab, ADDRESS);
    const argument = { seconds: 1, label: undefined } as never;
    expect(await lab.measure(argument)).toEqual({ label: 'none' });
    const labelled = { seconds: 1, label: { toJSON: () => 'gold' } } as never;
    expect(await lab.measure(labelled)).toEqual({ label: 'gold' });
  });
});

describe('a handler that asks by a door', () => {
  const Relay = defineCapability({
    name: 'Relay',
    operations: {
      ask: { request: Type.Boolean({ title: 'with_context' }), response: Type.Number() },
      answer: { response: Type.Number() },
      echo: { request: Binary('image/png'), response: Binary('image/png') },
      relay: { request: Binary('image/png'), response: Binary('image/png') },
    },
  });

  async function startRelay(): Promise<IntersectService> {
    const relay = Relay.implement({
      ask: (withContext, context) => {
        const self = service.capability(Relay, ADDRESS, withContext ? context : undefined);
        return self.answer({ timeoutMs: withContext ? 10_000 : 20 });
      },
      answer: () => 42,
      echo: (image) => image,
      relay: (image, context) => service.capability(Relay, ADDRESS, context).echo(image),
    });
    const brokers = [memoryTransport(broker)];
    const service = new IntersectService([relay], { hierarchy, brokers, concurrency: 1 });
    return service.startup();
  }

  test('gives its place to others while it waits, where it gives its context', async () => {
    await using _service = await startRelay();
    await using client = await startClient();
    const relay = client.capability(Relay, ADDRESS);
    expect(await relay.ask(true)).toBe(42);
    await expect(relay.ask(false)).rejects.toMatchObject({ code: 'REMOTE_ERROR' });
  });

  test('passes bytes on', async () => {
    await using _service = await startRelay();
    await using client = await startClient();
    const image = Uint8Array.of(0, 255, 7);
    expect([...(await client.capability(Relay, ADDRESS).relay(image))]).toEqual([...image]);
  });
});
