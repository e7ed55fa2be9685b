import { defineCapability as plainly } from '@intersect-sdk/contract/plain';
import { Binary, defineCapability, Stream, streamed, Type } from '@intersect-sdk/service';
import { expect, expectTypeOf, test } from 'vitest';
import { mockService, startLab } from '../../src/index.js';
import { Thermostat } from './thermostat.js';

test('answers as its handlers do; what has none answers with an error that says so', async () => {
  const thermostat = mockService(Thermostat, {
    set_target: (kelvin) => {
      expectTypeOf(kelvin).toEqualTypeOf<number>();
      return kelvin - 1;
    },
  });
  await using lab = await startLab({ services: [thermostat] });
  const door = lab.capability(Thermostat);
  expect(await door.set_target(5)).toBe(4);
  await expect(door.rest()).rejects.toMatchObject({
    code: 'REMOTE_ERROR',
    message: expect.stringContaining(
      'This is a mock of Thermostat, and it has no handler for rest: give mockService(...) one.',
    ),
  });
  await expect(door.$status()).rejects.toThrow('it has no handler for status');
  expect(lab.takeReports().map(({ kind }) => kind)).toEqual(['request-refused', 'request-refused']);
  await thermostat.emit('target_changed', 3);
  expect(lab.events(Thermostat, 'target_changed').map(({ value }) => value)).toEqual([3]);
});

test('a handler may be replaced, and is called with the object that it stands in', async () => {
  const handlers = {
    kelvin: 1,
    set_target() {
      return this.kelvin;
    },
    status() {
      return { kelvin: this.kelvin };
    },
  };
  const { kelvin: _kelvin, ...functions } = handlers;
  expect(functions).toHaveProperty('status');
  const given: Pick<typeof handlers, 'set_target' | 'status'> = Object.assign(
    Object.create({ kelvin: 1 }),
    functions,
  );
  await using lab = await startLab({ services: [mockService(Thermostat, given)] });
  const door = lab.capability(Thermostat);
  expect(await door.set_target(5)).toBe(1);
  expect(await door.$status()).toEqual({ kelvin: 1 });
  given.set_target = () => 7;
  expect(await door.set_target(5)).toBe(7);
});

test('a handler of nothing that is declared is refused, by the compiler too', () => {
  // @ts-expect-error There is no such operation.
  expect(() => mockService(Thermostat, { set_targt: () => 5 })).toThrow(
    /Thermostat cannot be mocked: set_targt: .*set_target/,
  );
  // @ts-expect-error The answer is a number.
  mockService(Thermostat, { set_target: () => 'warm' });
});

test('streams of items and of bytes, and contracts that do not know the name of the status', async () => {
  const Scanner = defineCapability({
    name: 'Scanner',
    operations: {
      scan: { response: Stream(Type.Number()) },
      keep: { request: Binary('image/png'), response: Type.Number() },
    },
  });
  const scanner = mockService(Scanner, {
    async *scan() {
      yield 1;
      yield 2;
    },
    keep: streamed(async (bytes) => {
      let size = 0;
      for await (const piece of bytes) size += piece.byteLength;
      return size;
    }),
  });
  const Foreign = plainly<{
    operations: { look: { argument: undefined; answer: number } };
    events: Record<never, never>;
    status: { name: null; value: string };
  }>({
    name: 'Foreign',
    operations: { look: { response: Type.Number() } },
    status: { name: null, schema: Type.String() },
  });
  await using lab = await startLab({ services: [scanner, mockService(Foreign, { look: () => 5 })] });
  expect(await lab.capability(Scanner).scan().toArray()).toEqual([1, 2]);
  expect(await lab.capability(Scanner).keep(new Uint8Array(3))).toBe(3);
  expect(await lab.capability(Foreign).look()).toBe(5);
  expect(lab.requests(Scanner, 'scan')).toHaveLength(1);
});
