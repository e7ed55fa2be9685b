// A service of this SDK for the tests, and how the program is started as a person starts it.
import { fileURLToPath } from 'node:url';
import { CapabilityError, defineCapability, IntersectService, Stream, Type } from '@intersect-sdk/service';

export const HIERARCHY = {
  organization: 'cli-organization',
  facility: 'cli-facility',
  system: 'cli-system',
  service: 'cli-service',
};

/** The program as it is built. */
export const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

export const Probe = defineCapability({
  name: 'Probe',
  // What is never answered shall hold up nothing else.
  concurrency: 100,
  operations: {
    greet: { request: Type.String({ maxLength: 20 }), response: Type.String() },
    big: { response: Type.Integer() },
    picture: {
      request: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary', contentMediaType: 'image/png' }),
      response: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary', contentMediaType: 'image/png' }),
    },
    fail: {},
    never: {},
    scan: { request: Type.Integer(), response: Stream(Type.Integer()) },
    count: { response: Stream(Type.Integer()) },
    expose: { response: Type.String() },
  },
  events: { ticked: { schema: Type.Integer() } },
});

/** A service that is up; ends when it is disposed of. */
export async function startProbe(
  brokers: ConstructorParameters<typeof IntersectService>[1]['brokers'],
  service = HIERARCHY.service,
) {
  let onNever: () => void = () => {};
  let onCountEnded: () => void = () => {};
  const probe = Probe.implement({
    greet: (name) => `Hello, ${name}!`,
    big: () => 12_345_678_901_234_567_890n as never,
    picture: (bytes) => bytes,
    *scan(items) {
      for (let n = 0; n < items; n++) yield n;
    },
    async *count() {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        onCountEnded();
      }
    },
    expose: async (_, { progress }) => {
      progress({ fraction: 0.25, message: 'warming up', data: { kelvin: 300 } });
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 'exposed';
    },
    fail: () => {
      throw new CapabilityError('It is Sunday.');
    },
    never: (_argument, { signal }) =>
      new Promise<never>((_, reject) => {
        onNever();
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  });
  const running = new IntersectService([probe], {
    hierarchy: { ...HIERARCHY, service },
    brokers,
    shutdownTimeoutMs: 100,
  });
  await running.startup();
  return {
    service: running,
    address: running.address,
    /** Resolves when the reader of `count` has left it, from now on. */
    countEnded: () =>
      new Promise<void>((resolve) => {
        onCountEnded = resolve;
      }),
    /** Resolves when somebody asks, from now on, for what is never answered. */
    neverIsAsked: () =>
      new Promise<void>((resolve) => {
        onNever = resolve;
      }),
    tick: (n: number) => probe.emit('ticked', n),
    async [Symbol.asyncDispose]() {
      await running.shutdown();
    },
  };
}
