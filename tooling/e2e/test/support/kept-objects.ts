// What a handler, a caller or a listener does to an object after it was given away changes nothing of what others got.
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { type EventMessage, IntersectClient } from '@intersect-sdk/client';
import { Binary, defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';
import { describe, expect, test } from 'vitest';

const BYTES = 'application/octet-stream';
const Count = Type.Object({ n: Type.Integer() });

const Kept = defineCapability({
  name: 'Kept',
  // Each pair of them may be under way together.
  concurrency: 32,
  operations: {
    sync: { response: Count },
    async: { response: Count },
    after_a_promise: { response: Count },
    after_a_turn: { response: Count },
    frame: { response: Binary(BYTES) },
    async_frame: { response: Binary(BYTES) },
    emit: {},
    emit_frame: {},
    echo: { request: Count, response: Count },
    echo_frame: { request: Binary(BYTES), response: Binary(BYTES) },
  },
  events: { counted: { schema: Count }, framed: { schema: Binary(BYTES) } },
});

/** A service that gives the one object and the one buffer that it keeps, again and again, and clears them afterwards. */
function makeService(transport: Transport): IntersectService {
  const state = { n: 0 };
  const frame = new Uint8Array(4);
  const count = () => {
    state.n += 1;
    return state;
  };
  const expose = () => {
    frame.fill((frame[0] ?? 0) + 1);
    return frame;
  };
  const kept = Kept.implement({
    sync: count,
    async: async () => count(),
    after_a_promise: async () => {
      await Promise.resolve().then(() => null);
      return count();
    },
    after_a_turn: async () => {
      await turn();
      return count();
    },
    frame: expose,
    async_frame: async () => expose(),
    emit: (_nothing, { emit }) => {
      for (let times = 0; times < 3; times++) void emit('counted', count());
      state.n = 0;
    },
    emit_frame: (_nothing, { emit }) => {
      for (let times = 0; times < 3; times++) void emit('framed', expose());
      frame.fill(0);
    },
    echo: (given) => given,
    echo_frame: (given) => given,
  });
  const service = `kept-${randomUUID()}`;
  return new IntersectService([kept], {
    hierarchy: { organization: 'e2e-org', facility: 'e2e-fac', system: 'e2e-sys', service },
    brokers: [transport],
    keepRequestsMs: 60_000,
  });
}

const MANY = 12;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const byValue = (a: number, b: number): number => a - b;
const firstByte = (payload: unknown): number => (payload as Uint8Array)[0] ?? -1;
const count = (payload: unknown): number => (payload as { n: number }).n;

export interface KeptObjects {
  readonly title: string;
  readonly transport: () => Transport;
  readonly cleanUp?: (address: string) => Promise<void>;
}

export function describeKeptObjects({ title, transport, cleanUp = async () => {} }: KeptObjects): void {
  const withBoth = async (
    work: (client: IntersectClient, destination: string) => Promise<void>,
  ): Promise<void> => {
    await using client = new IntersectClient({ brokers: [transport()] });
    await client.startup();
    await using service = await makeService(transport()).startup();
    await work(client, service.address);
    await service.shutdown();
    await cleanUp(service.address);
  };

  describe(title, () => {
    test.each([
      ['sync', count],
      ['async', count],
      ['after_a_promise', count],
      ['after_a_turn', count],
      ['frame', firstByte],
      ['async_frame', firstByte],
    ])('each of many answers at once is what the handler gave: %s', (name, read) =>
      withBoth(async (client, destination) => {
        const answers = upTo(MANY).map(() => client.request({ destination, operation: `Kept.${name}` }));
        expect((await Promise.all(answers)).map(read).sort(byValue)).toEqual(upTo(MANY));
      }),
    );

    test.each([
      ['counted', 'emit', count],
      ['framed', 'emit_frame', firstByte],
    ])('each event is what was emitted: %s', (eventName, operation, read) =>
      withBoth(async (client, destination) => {
        const stream = client.events({ hierarchy: destination, capabilityName: 'Kept', eventName });
        await stream.ready;
        await client.request({ destination, operation: `Kept.${operation}` });
        const seen: number[] = [];
        for await (const { payload } of stream) if (seen.push(read(payload)) === 3) break;
        expect(seen).toEqual(upTo(3));
      }),
    );

    test('a request is what it was when it was asked', () =>
      withBoth(async (client, destination) => {
        const payload = { n: 0 };
        const frame = new Uint8Array(4);
        const bytes = { destination, operation: 'Kept.echo_frame', contentType: BYTES };
        const counts = upTo(MANY).map((n) => {
          payload.n = n;
          return client.request({ destination, operation: 'Kept.echo', payload });
        });
        const frames = upTo(MANY).map((n) => {
          frame.fill(n);
          return client.request({ ...bytes, payload: frame });
        });
        payload.n = -1;
        frame.fill(255);
        expect((await Promise.all(counts)).map(count)).toEqual(upTo(MANY));
        expect((await Promise.all(frames)).map(firstByte)).toEqual(upTo(MANY));
      }));

    test('what one listener makes of an event is not seen by another', () =>
      withBoth(async (client, destination) => {
        const selector = { hierarchy: destination, capabilityName: 'Kept', eventName: 'framed' };
        const streams = [client.events(selector), client.events(selector)];
        await Promise.all(streams.map(({ ready }) => ready));
        await client.request({ destination, operation: 'Kept.emit_frame' });
        const seen = streams.map(async (stream) => {
          const { value } = (await stream.next()) as IteratorResult<EventMessage, never>;
          const first = firstByte(value.payload);
          (value.payload as Uint8Array).fill(99);
          return first;
        });
        expect(await Promise.all(seen)).toEqual([1, 1]);
        await Promise.all(streams.map((stream) => stream.stop()));
      }));
  });
}
