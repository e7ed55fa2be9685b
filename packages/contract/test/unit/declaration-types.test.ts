import { expect, expectTypeOf, test } from 'vitest';
import { Binary, defineCapability, Type } from '../../src/index.js';
import type {
  AnswerOf,
  ArgumentOf,
  CapabilityDefinition,
  EventValues,
  OperationName,
  ShapeOf,
  StatusName,
  StatusOf,
} from '../../src/plain.js';

const Instrument = defineCapability({
  name: 'Instrument',
  operations: {
    measure: {
      request: Type.Object({ seconds: Type.Number(), label: Type.Optional(Type.String()) }),
      response: Type.Array(Type.Integer()),
    },
    picture: { response: Binary('image/png') },
    plain: { request: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] } },
  },
  events: { tick: { schema: Type.Integer() } },
  status: { name: 'instrument_status', schema: Type.Object({ running: Type.Boolean() }) },
});
type Instrument = typeof Instrument;

test('a declaration carries its types as plain types', () => {
  expectTypeOf<Instrument>().toEqualTypeOf<
    CapabilityDefinition<{
      operations: {
        measure: { argument: { seconds: number; label?: string }; answer: number[] };
        picture: { argument: undefined; answer: Uint8Array };
        plain: { argument: { x: number }; answer: null };
      };
      events: { tick: number };
      status: { name: 'instrument_status'; value: { running: boolean } };
    }>
  >();
  expectTypeOf<OperationName<Instrument>>().toEqualTypeOf<'measure' | 'picture' | 'plain'>();
  expectTypeOf<ArgumentOf<Instrument, 'measure'>>().toEqualTypeOf<{ seconds: number; label?: string }>();
  expectTypeOf<AnswerOf<Instrument, 'picture'>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<EventValues<Instrument>>().toEqualTypeOf<{ tick: number }>();
  expectTypeOf<StatusName<Instrument>>().toEqualTypeOf<'instrument_status'>();
  expectTypeOf<StatusOf<Instrument>>().toEqualTypeOf<{ running: boolean }>();
  const nothing = defineCapability({ name: 'Nothing' });
  expectTypeOf<ShapeOf<typeof nothing>>().toEqualTypeOf<{
    operations: Record<never, never>;
    events: Record<never, never>;
    status: undefined;
  }>();
});

test('what a declaration should not have is an error at its line', () => {
  const wrong = [
    defineCapability({
      name: 'Misspelled',
      // @ts-expect-error no option of a capability
      operation: {},
    }),
    defineCapability({
      name: 'Misspelled',
      operations: {
        measure: {
          request: Type.Number(),
          // @ts-expect-error no option of an operation
          respons: Type.Number(),
        },
        other: {
          // @ts-expect-error no option of an operation
          timeLimit: 5,
        },
        fits: { request: Type.Number(), timeLimitMs: 5, idempotent: true },
      },
    }),
    defineCapability({
      name: 'Misspelled',
      events: {
        tick: {
          schema: Type.Integer(),
          // @ts-expect-error no option of an event
          descripton: 'A tick.',
        },
      },
    }),
    defineCapability({
      name: 'Misspelled',
      status: {
        schema: Type.String(),
        // @ts-expect-error no option of a status
        description: 'Its state.',
      },
    }),
    defineCapability({
      name: 'Wrong',
      operations: {
        measure: {
          // @ts-expect-error neither of the two
          validation: 'loose',
          // @ts-expect-error a number of ms
          timeLimitMs: '5 s',
        },
      },
    }),
  ];
  expect(wrong).toHaveLength(5);
});

test('a wrong function of an implementation is an error at its line', () => {
  const working = {
    picture: () => new Uint8Array(),
    plain: () => {},
    instrument_status: () => ({ running: true }),
  };
  const wrong = (): unknown[] => [
    Instrument.implement({
      ...working,
      // @ts-expect-error integers are asked for
      measure: () => ['one'],
    }),
    Instrument.implement({
      ...working,
      measure: (argument) => {
        // @ts-expect-error no field has this name
        return [argument.second];
      },
    }),
    Instrument.implement({
      ...working,
      measure: () => [],
      // @ts-expect-error no operation has this name
      measures: () => [],
    }),
    // @ts-expect-error measure is missing
    Instrument.implement(working),
    Instrument.implement({
      ...working,
      measure: async (_argument, { emit }) => {
        // @ts-expect-error no event has this name
        await emit('tock', 1);
        // @ts-expect-error an integer is asked for
        await emit('tick', 'one');
        return [];
      },
    }),
  ];
  expect(wrong).toBeTypeOf('function');
});
