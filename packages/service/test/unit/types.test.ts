import { describe, expectTypeOf, it } from 'vitest';
import { Binary, defineCapability, type Implementation, type TSchema, Type } from '../../src/index.js';

const Instrument = defineCapability({
  name: 'Instrument',
  operations: {
    greet: { request: Type.String({ title: 'name' }), response: Type.String() },
    measure: {
      request: Type.Object({ seconds: Type.Number(), label: Type.Optional(Type.String()) }),
      response: Type.Object({ counts: Type.Array(Type.Integer()) }),
    },
    convert: { request: Binary('image/png'), response: Binary('text/csv') },
    reset: {},
    plain: {
      request: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] },
      response: { type: 'string' },
    },
  },
  events: { tick: { schema: Type.Integer() }, frame: { schema: Binary('image/png') } },
  status: { schema: Type.Object({ running: Type.Boolean() }), name: 'instrument_status' },
});

const working: Implementation<typeof Instrument> = {
  greet: (name) => `Hello, ${name}!`,
  measure: async () => ({ counts: [1] }),
  convert: (image) => image,
  reset: () => {},
  plain: ({ x }) => String(x),
  instrument_status: () => ({ running: true }),
};

describe('the types of handlers', () => {
  it('follow from the declared schemas', () => {
    Instrument.implement({
      ...working,
      greet: (name, context) => {
        expectTypeOf(name).toEqualTypeOf<string>();
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(context.emit<'tick'>)
          .parameter(1)
          .toEqualTypeOf<number>();
        expectTypeOf(context.emit<'frame'>)
          .parameter(1)
          .toEqualTypeOf<Uint8Array>();
        return name;
      },
      measure: (argument) => {
        expectTypeOf(argument).toEqualTypeOf<{ seconds: number; label?: string }>();
        return { counts: [] };
      },
      convert: (bytes) => {
        expectTypeOf(bytes).toEqualTypeOf<Uint8Array>();
        return bytes;
      },
      reset: (nothing) => {
        expectTypeOf(nothing).toEqualTypeOf<undefined>();
      },
      plain: (argument) => {
        expectTypeOf(argument.x).toEqualTypeOf<number>();
        return '';
      },
    });
    expectTypeOf(working.instrument_status).returns.toEqualTypeOf<
      { running: boolean } | PromiseLike<{ running: boolean }>
    >();
  });

  it('refuse a wrong answer, argument, event, status, and a missing or unknown handler', () => {
    // @ts-expect-error number is not string
    Instrument.implement({ ...working, greet: () => 5 });
    // @ts-expect-error the argument is a string
    Instrument.implement({ ...working, greet: (name: number) => String(name) });
    // @ts-expect-error a promise of the wrong type
    Instrument.implement({ ...working, measure: async () => ({ counts: ['one'] }) });
    // @ts-expect-error bytes are asked for
    Instrument.implement({ ...working, convert: () => 'a,b' });
    // @ts-expect-error the status is an object
    Instrument.implement({ ...working, instrument_status: () => 'Up' });
    // @ts-expect-error greet is missing
    Instrument.implement({ measure: working.measure, convert: working.convert, reset: working.reset });
    // @ts-expect-error no operation has this name
    Instrument.implement({ ...working, other: () => 1 });
    const capability = Instrument.implement(working);
    const wrong = (): void => {
      // @ts-expect-error an integer is asked for
      void capability.emit('tick', 'one');
      // @ts-expect-error no event has this name
      void capability.emit('tock', 1);
    };
    expectTypeOf(wrong).returns.toBeVoid();
  });

  it('are checked against the methods of a class', () => {
    class Good {
      #resets = 0;
      greet(name: string): string {
        return name + this.#resets;
      }
      measure(): { counts: number[] } {
        return { counts: [this.#resets] };
      }
      convert(image: Uint8Array): Uint8Array {
        return image;
      }
      reset(): void {
        this.#resets += 1;
      }
      plain(): string {
        return '';
      }
      instrument_status(): { running: boolean } {
        return { running: true };
      }
    }
    Instrument.implement(new Good());
    const bad = Object.assign(new Good(), { greet: (name: number) => name.toFixed() });
    const { greet, ...others } = bad;
    // @ts-expect-error greet takes a string
    Instrument.implement({ ...others, greet });
    class Worse {
      greet(name: number): string {
        return name.toFixed();
      }
    }
    // @ts-expect-error greet takes a string, and the other operations are missing
    Instrument.implement(new Worse());
  });

  it('are unknown for a schema that is only known at run time', () => {
    const schema = JSON.parse('{}') as TSchema;
    const Loose = defineCapability({
      name: 'Loose',
      operations: { any: { request: schema, response: schema } },
    });
    Loose.implement({
      any: (argument) => {
        expectTypeOf(argument).toBeUnknown();
        return argument;
      },
    });
  });
});
