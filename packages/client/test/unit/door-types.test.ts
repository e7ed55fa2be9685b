import type {
  Answer,
  CapabilityDoor,
  CapabilityEvents,
  IntersectClient,
  ToldStatus,
} from '@intersect-sdk/client';
import { Binary, defineCapability, Type } from '@intersect-sdk/contract';
import { describe, expectTypeOf, it } from 'vitest';

const Instrument = defineCapability({
  name: 'Instrument',
  operations: {
    set_target: { request: Type.Number(), response: Type.Number() },
    measure: {
      request: Type.Object({ seconds: Type.Number(), label: Type.Optional(Type.String()) }),
      response: Type.Object({ counts: Type.Array(Type.Integer()) }),
    },
    convert: { request: Binary('image/png'), response: Binary('text/csv') },
    stop_all: {},
    // biome-ignore lint/suspicious/noThenProperty: an operation can have any name
    then: { request: Type.String(), response: Type.Boolean() },
    constructor: { response: Type.String() },
    $odd: { response: Type.Integer() },
    plain: {
      request: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] },
      response: { type: 'string' },
    },
  },
  events: { tick: { schema: Type.Integer() }, frame: { schema: Binary('image/png') } },
  status: { schema: Type.Object({ running: Type.Boolean() }), name: 'instrument_status' },
});
const Bare = defineCapability({ name: 'Bare', operations: {} });
const Told = defineCapability({ name: 'Told', status: { schema: Type.Number(), name: null } });

declare const client: IntersectClient;
const open = () => client.capability(Instrument, 'org.fac.sys.-.lab');
type Lab = ReturnType<typeof open>;

// Nothing of this runs: the compiler is the test.
describe('the types of a door', () => {
  it('are those of the contract', () => {
    const use = async (lab: Lab): Promise<void> => {
      expectTypeOf(await lab.set_target(77, { timeoutMs: 5_000 })).toEqualTypeOf<number>();
      expectTypeOf(await lab.measure({ seconds: 1 })).toEqualTypeOf<{ counts: number[] }>();
      expectTypeOf(await lab.convert(new Uint8Array())).toEqualTypeOf<Uint8Array>();
      expectTypeOf(await lab.stop_all()).toEqualTypeOf<null>();
      expectTypeOf(await lab.stop_all({ check: 'none' })).toEqualTypeOf<null>();
      expectTypeOf(await lab.plain({ x: 1 })).toEqualTypeOf<string>();
      expectTypeOf(await lab.$status()).toEqualTypeOf<{ running: boolean }>();
      expectTypeOf(await lab.$details.set_target(77)).toEqualTypeOf<Answer<number>>();
      expectTypeOf(await lab.$details.stop_all({ timeoutMs: 1 })).toEqualTypeOf<Answer<null>>();
      expectTypeOf(await lab.$call('then', 'x')).toEqualTypeOf<boolean>();
      expectTypeOf(await lab.$call('constructor')).toEqualTypeOf<string>();
      expectTypeOf(await lab.$call('$odd', undefined, { timeoutMs: 1 })).toEqualTypeOf<number>();
      expectTypeOf(await lab.$details.$call('$odd')).toEqualTypeOf<Answer<number>>();
      expectTypeOf(lab.$events('frame', { bufferSize: 1 })).toEqualTypeOf<CapabilityEvents<Uint8Array>>();
      for await (const { payload, headers } of lab.$events('tick')) {
        expectTypeOf(payload).toEqualTypeOf<number>();
        expectTypeOf(headers.createdAt).toEqualTypeOf<string>();
      }
      expectTypeOf(await lab).toEqualTypeOf<Lab>();
    };
    expectTypeOf(use).toBeFunction();
  });

  it('are plain, so that a person can read them', () => {
    expectTypeOf<Lab['set_target']>().toEqualTypeOf<
      (argument: number, options?: Parameters<Lab['stop_all']>[0]) => Promise<number>
    >();
    expectTypeOf<Lab>().toExtend<
      CapabilityDoor<{
        operations: { set_target: { argument: number; answer: number } };
        events: { tick: number };
        status: { name: 'instrument_status'; value: { running: boolean } };
      }>
    >();
  });

  it('of a status say when it is one that the service told by itself', () => {
    const use = async (): Promise<void> => {
      const bare = client.capability(Bare, 'org.fac.sys.-.lab');
      expectTypeOf(await bare.$status()).toEqualTypeOf<ToldStatus<unknown>>();
      const told = client.capability(Told, 'org.fac.sys.-.lab');
      expectTypeOf(await told.$status({ timeoutMs: 1 })).toEqualTypeOf<ToldStatus<number>>();
    };
    expectTypeOf(use).toBeFunction();
  });

  it('refuse what the contract does not have, each at its line', () => {
    const use = (lab: Lab): void => {
      // @ts-expect-error a number is asked for
      void lab.set_target('x');
      // @ts-expect-error the argument is missing
      void lab.set_target();
      // @ts-expect-error the argument is missing
      void lab.$details.set_target();
      // @ts-expect-error seconds is missing
      void lab.measure({ label: 'x' });
      // @ts-expect-error no field has this name
      void lab.measure({ seconds: 1, lable: 'x' });
      // @ts-expect-error bytes are asked for
      void lab.convert('a,b');
      // @ts-expect-error it takes nothing, so the first is its options
      void lab.stop_all(5);
      // @ts-expect-error no operation has this name
      void lab.set_tarjet(77);
      // @ts-expect-error the option is timeoutMs
      void lab.set_target(77, { timeoutMS: 5_000 });
      // @ts-expect-error 'all' is no mode
      void lab.set_target(77, { check: 'all' });
      // @ts-expect-error an operation of this name is no method
      void lab.then('x');
      // @ts-expect-error what begins with $ is no method
      void lab.$odd();
      // @ts-expect-error the status is no method
      void lab.instrument_status();
      // @ts-expect-error no event has this name
      lab.$events('tock');
      // @ts-expect-error the option is bufferSize
      lab.$events('tick', { buffersize: 1 });
      // @ts-expect-error no operation has this name
      void lab.$call('other');
      // @ts-expect-error a string is asked for
      void lab.$call('then', 5);
      // @ts-expect-error it takes nothing
      void lab.$call('$odd', 5);
      // @ts-expect-error a capability that was not declared
      client.capability({ name: 'Instrument' }, 'org.fac.sys.-.lab');
    };
    expectTypeOf(use).toBeFunction();
  });
});
