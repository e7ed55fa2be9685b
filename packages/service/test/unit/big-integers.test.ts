import { decodeText } from '@intersect-sdk/core/internal';
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { describe, expect, it } from 'vitest';
import { defineCapability, type EventMessage, type IntersectServiceConfig, Type } from '../../src/index.js';
import { ADDRESS, Asker } from './support/asker.js';
import { eventsOf, LIFECYCLE, serviceAt, startPrograms } from './support/programs.js';

/** A whole number of any size, as TypeScript shall know it. */
const Count = Type.Unsafe<number | bigint>({ type: 'integer' });
const BIG = 9007199254740993n;

const Counter = defineCapability({
  name: 'Counter',
  operations: {
    next: { request: Count, response: Count },
    kind: { request: Count, response: Type.String() },
    tell: {},
    within: { request: Count, response: Type.String() },
  },
  events: { told: { schema: Count } },
  status: { schema: Type.Object({ count: Count }) },
});

const counter = () => {
  const capability = Counter.implement({
    next: (count) => BigInt(count) + 1n,
    kind: (count) => `${typeof count} ${count}`,
    tell: (_nothing, context) => context.emit('told', BIG),
    within: async (count, context) => service().capability(Counter, ADDRESS, context).kind(count),
    status: () => ({ count: BIG }),
  });
  let service = (): ReturnType<typeof serviceAt> => {
    throw new Error('not started');
  };
  return {
    capability,
    startedAs(started: ReturnType<typeof serviceAt>) {
      service = () => started;
    },
  };
};

async function counting(config: Partial<IntersectServiceConfig>) {
  const { capability, startedAs } = counter();
  const programs = await startPrograms([capability], config);
  startedAs(programs.service);
  return programs;
}

const next = (payload: unknown) => ({ destination: ADDRESS, operation: 'Counter.next', payload });
const body = new TextEncoder().encode(`${BIG}`);

describe("with integers: 'bigint'", () => {
  it('arguments, answers and events have all digits, and nothing is reported', async () => {
    await using programs = await counting({ integers: 'bigint' });
    const { service, asker, reports } = programs;
    expect((await asker.ask('Counter.kind', { body })).value).toBe(`bigint ${BIG}`);
    expect((await asker.ask('Counter.kind', { payload: 5n })).value).toBe('number 5');
    expect(await service.call(next(BIG))).toMatchObject({ payload: BIG + 1n });
    const heard = new Promise<EventMessage>((resolve) => {
      const params = { hierarchy: ADDRESS, capabilityName: 'Counter', eventName: 'told' };
      void service.registerEvent(params, resolve).then(() => asker.ask('Counter.tell'));
    });
    expect((await heard).payload).toBe(BIG);
    expect(reports).toEqual([]);
  });

  it('an argument that is no whole number is refused as ever', async () => {
    await using programs = await counting({ integers: 'bigint' });
    const refused = await programs.asker.ask('Counter.next', { payload: `${BIG}` });
    expect(refused).toMatchObject({
      hasError: true,
      value: expect.stringContaining('must be a whole number'),
    });
  });
});

describe('a bigint that a program gives', () => {
  it.each(['number', 'bigint'] as const)('is sent with all digits: integers %s', async (integers) => {
    const broker = new MemoryBroker();
    await using asker = await Asker.connect(broker);
    const [lifecycle, told] = [
      await asker.listen(LIFECYCLE),
      await asker.listen(eventsOf('Counter', 'told')),
    ];
    const { capability, startedAs } = counter();
    await using service = serviceAt(broker, [capability], { integers });
    startedAs(service);
    await service.startup();
    expect(decodeText((await lifecycle.next()).payload)).toContain(`"count":${BIG}`);
    await asker.ask('Counter.tell');
    expect(decodeText((await told.next()).payload)).toBe(`${BIG}`);
    expect(decodeText((await service.call(next(BIG))).bytes)).toBe(
      `${integers === 'bigint' ? BIG + 1n : BIG}`,
    );
  });

  it('is sent with all digits from within a handler', async () => {
    await using programs = await counting({ integers: 'bigint' });
    expect((await programs.asker.ask('Counter.within', { body })).value).toBe(`bigint ${BIG}`);
  });

  it('is refused where the contract wants something else', async () => {
    await using programs = await counting({});
    const door = programs.service.capability(Counter, ADDRESS);
    await expect(door.next('5' as never)).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
    expect(await door.kind(BIG)).toBe('number 9007199254740992');
  });
});

it('anything else than number and bigint is no choice', () => {
  expect(() =>
    serviceAt(new MemoryBroker(), [counter().capability], { integers: 'bigInt' as never }),
  ).toThrow("integers: must be one of 'number', 'bigint'");
});
