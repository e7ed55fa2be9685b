// Why a request was refused: the asker and the owner of the service see the same paths and rules, and neither sees a value.
import type { RequestError } from '@intersect-sdk/core';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, describe, expect, it } from 'vitest';
import { CapabilityError, defineCapability, IntersectService, Type } from '../../src/index.js';
import { HIERARCHY } from './support/asker.js';
import { processorOf } from './support/processor.js';
import { type Programs, startPrograms } from './support/programs.js';

const Oven = defineCapability({
  name: 'Oven',
  operations: {
    heat: {
      request: Type.Object({ kelvin: Type.Number({ minimum: 0 }), zones: Type.Array(Type.Integer()) }),
    },
    open: {},
    explode: {},
    lie: { response: Type.Object({ kelvin: Type.Number() }) },
  },
});

const oven = () =>
  Oven.implement({
    heat: () => {},
    open: () => {
      throw new CapabilityError('the door is locked');
    },
    explode: () => {
      throw new TypeError('internal-host.example');
    },
    lie: () => ({ kelvin: 'secret-value' }) as never,
  });

const lines: [string, object, string | undefined][] = [];
const log =
  (level: string) =>
  (fields: object, text?: string): void =>
    void lines.push([level, fields, text]);
const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
afterEach(() => void lines.splice(0));

const ask = ({ service }: Programs, operation: string, payload?: unknown): Promise<RequestError> =>
  service.call({ destination: service.address, operation, payload }).then(
    () => Promise.reject(new Error('it was answered')),
    (error) => error,
  );

describe('an argument that does not fit', () => {
  it('tells its problems, with paths, on both sides', async () => {
    await using programs = await startPrograms([oven()], { logger });
    const error = await ask(programs, 'Oven.heat', { kelvin: -777, zones: [1, 'secret-value'] });
    const issues = [
      { path: 'kelvin', message: expect.any(String) },
      { path: 'zones[1]', message: expect.any(String) },
    ];
    expect(error).toMatchObject({ code: 'REMOTE_ERROR', issues });
    expect(programs.reports).toMatchObject([
      { kind: 'request-refused', reason: 'arguments-invalid', code: 'SCHEMA_MISMATCH', issues },
    ]);
    const told = JSON.stringify([error.message, error, programs.reports, lines]);
    expect(told).not.toMatch(/secret-value|777/);
  });
});

describe('every refusal', () => {
  it.each([
    ['Oven.heat', { kelvin: 'hot' }, 'arguments-invalid', 'info'],
    ['Oven.open', undefined, 'capability-error', 'info'],
    ['Oven.nothing', undefined, 'operation-unknown', 'info'],
    ['Oven.explode', undefined, 'handler-failed', 'warn'],
    ['Oven.lie', undefined, 'answer-invalid', 'warn'],
  ] as const)(
    'of %s %j has a sentence, and a stack in the log only where a program failed',
    async (...row) => {
      const [operation, payload, reason, level] = row;
      await using programs = await startPrograms([oven()], { logger });
      lines.splice(0);
      const error = await ask(programs, operation, payload);
      expect(error.issues).toHaveLength(reason === 'arguments-invalid' ? 2 : 0);
      expect(programs.reports).toMatchObject([{ kind: 'request-refused', reason, message: error.message }]);
      const [logged] = lines.filter(([, fields]) => (fields as { kind?: string }).kind === 'request-refused');
      expect(logged?.[0]).toBe(level);
      expect('error' in (logged?.[1] ?? {})).toBe(reason === 'handler-failed');
      if (reason === 'answer-invalid') expect(logged?.[1]).toMatchObject({ issues: [{ path: 'kelvin' }] });
    },
  );
});

describe('an unknown name', () => {
  it.each([
    ['Oven.haet', 'This service has no operation Oven.haet; did you mean Oven.heat?'],
    ['oven.heat', 'This service has no operation oven.heat; did you mean Oven.heat?'],
    ['heat', 'This service has no operation heat; did you mean Oven.heat?'],
    ['Stove.boil', "This service has no operation Stove.boil; the service's schema lists what it offers."],
    ['Oven.heat\n[ERROR] forged', "This service has no operation of that name; the service's schema lists"],
    [`Oven.${'x'.repeat(60_000)}`, "This service has no operation of that name; the service's schema lists"],
  ])('of an operation (%#) is said, with what may be meant', async (operation, sentence) => {
    const { ask: process, reports } = processorOf(oven());
    expect((await process(operation)).value).toContain(sentence);
    expect(reports).toMatchObject([
      { reason: 'operation-unknown', message: expect.stringContaining(sentence) },
    ]);
  });

  it('of a content type is said', async () => {
    const { ask: process } = processorOf(oven());
    const { value } = await process('Oven.heat', { contentType: 'image/png', payload: Uint8Array.of(1) });
    expect(value).toBe('Operation Oven.heat takes application/json; the request came with image/png.');
  });

  it('of an event, or of a function that is missing, is said with what may be meant', async () => {
    const Clock = defineCapability({
      name: 'Clock',
      operations: { read_time: {} },
      events: { second_over: { schema: Type.Integer() } },
    });
    await using programs = await startPrograms([Clock.implement({ read_time: () => {} })]);
    const clock = Clock.implement({ read_time: () => {} });
    await using _other = await startPrograms([clock], {}, programs.broker);
    await expect(clock.emit(...(['secondover', 1] as never as ['second_over', number]))).rejects.toThrow(
      'did you mean second_over?',
    );
    class Wrong {
      readTime(): void {}
    }
    const config = { hierarchy: HIERARCHY, brokers: [memoryTransport(programs.broker)] };
    const make = () => new IntersectService([Clock.implement(new Wrong() as never)], config);
    expect(make).toThrow("the implementation has no function 'read_time'; did you mean readTime?");
  });
});
