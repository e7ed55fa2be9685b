// An instrument does one thing at a time unless its capability says otherwise, and requests that wait for it do not hold up others.
import { MemoryBroker } from '@intersect-sdk/transport/memory';
import { describe, expect, it } from 'vitest';
import { defineCapability, IntersectService, Type } from '../../src/index.js';
import { Semaphore } from '../../src/serve/limits/semaphore.js';
import { HIERARCHY, readReply, request } from './support/asker.js';
import { processorOf } from './support/processor.js';
import { Latch, startPrograms } from './support/programs.js';

interface Declared {
  readonly capability?: number;
  readonly move?: number;
}

/** An instrument whose moves last until the test ends them, and how many things it did at once. */
function instrument({ capability: concurrency, move }: Declared = {}, name = 'Stage') {
  const state = { running: 0, most: 0, begun: [] as string[] };
  const waiting: (() => void)[] = [];
  const busy = async (what: string): Promise<string> => {
    state.begun.push(what);
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await new Promise<void>((resolve) => waiting.push(resolve));
    state.running -= 1;
    return what;
  };
  const capability = defineCapability({
    name,
    ...(concurrency !== undefined && { concurrency }),
    operations: {
      move: { response: Type.String(), ...(move !== undefined && { concurrency: move }) },
      home: { response: Type.String() },
      limited: { response: Type.String(), timeLimitMs: 20 },
      scan: { response: Type.String() },
    },
    status: { schema: Type.Object({ running: Type.Integer() }) },
  }).implement({
    move: () => busy('move'),
    home: () => busy('home'),
    limited: () => busy('limited'),
    scan: async (_nothing, { call }) => {
      state.begun.push('scan');
      await call({ destination: 'a.b', operation: 'C.d' });
      return 'scanned';
    },
    status: () => ({ running: state.running }),
  });
  return { capability, state, end: () => waiting.shift()?.() };
}

const turns = async (count = 10): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a capability', () => {
  it.each([
    ['one after the other, where it says nothing', {}, ['move']],
    ['as many at once as it says', { capability: 2 }, ['move', 'home']],
    ['and one that says so goes past the others', { move: 2 }, ['move', 'home', 'move']],
    [
      'and one with less than its capability stays in it',
      { capability: 3, move: 1 },
      ['move', 'home', 'home'],
    ],
    ['and one that says 1 lets nobody in', { move: 1 }, ['move']],
  ])('runs its operations %s', async (_, declared: Declared, atOnce) => {
    const { capability, state, end } = instrument(declared);
    const { ask } = processorOf(capability);
    const asked = ['move', 'home', 'move', 'home'].map((name) => ask(`Stage.${name}`));
    await turns();
    expect(state.begun).toEqual(atOnce);
    const all = Promise.all(asked);
    for (let ended = 0; ended < asked.length; ended++) {
      end();
      await turns();
    }
    expect((await all).map(({ value }) => value)).toEqual(['move', 'home', 'move', 'home']);
    expect(state.most).toBe(atOnce.length);
  });

  it('runs them in the order in which they came', async () => {
    const { capability, state, end } = instrument();
    const { ask } = processorOf(capability);
    const names = ['home', 'move', 'move', 'home', 'move'];
    const asked = names.map((name) => ask(`Stage.${name}`));
    for (const _name of names) {
      await turns();
      end();
    }
    await Promise.all(asked);
    expect(state.begun).toEqual(names);
  });

  it('that is busy keeps no other capability of its service waiting, however many wait for it', async () => {
    const [stage, camera] = [instrument(), instrument({}, 'Camera')];
    await using programs = await startPrograms([stage.capability, camera.capability]);
    const { asker } = programs;
    const many = Array.from({ length: 500 }, () => request('Stage.move'));
    await Promise.all(many.map((message) => asker.transport.publish(message)));
    await asker.transport.publish(request('Camera.home'));
    await expect.poll(() => camera.state.begun).toEqual(['home']);
    camera.end();
    expect(readReply(await asker.replies.next()).value).toBe('home');
    for (const name of ['Stage.status', 'Camera.status', 'intersect_sdk.system_capability']) {
      expect((await asker.ask(name)).hasError, name).toBe(false);
    }
    expect([stage.state.begun, stage.state.most]).toEqual([['move'], 1]);
    for (const _message of many) {
      stage.end();
      await asker.replies.next();
      await turns(3);
    }
    expect(stage.state.most).toBe(1);
  });

  it('tells its status although the whole service is busy', async () => {
    const { capability, end } = instrument();
    const { ask } = processorOf(capability, { concurrency: 1 });
    const asked = ask('Stage.move');
    await turns();
    expect((await ask('Stage.status')).value).toEqual({ running: 1 });
    end();
    await asked;
  });

  it('is not let in to by a handler beyond its time limit, which may still move something', async () => {
    const { capability, state, end } = instrument();
    const { ask } = processorOf(capability);
    expect((await ask('Stage.limited')).hasError).toBe(true);
    const next = ask('Stage.home');
    await turns();
    expect(state.begun).toEqual(['limited']);
    end();
    await turns();
    end();
    expect((await next).value).toBe('home');
    expect(state.most).toBe(1);
  });

  it('lets another in while a handler waits for a call, and those who come back before those who never were inside', async () => {
    const answered = new Latch();
    const call = () => answered.done.then(() => ({ payload: null }) as never);
    const { capability, state, end } = instrument();
    const { ask } = processorOf(capability, { call });
    const scan = ask('Stage.scan');
    const moves = [ask('Stage.move'), ask('Stage.move')];
    await turns();
    expect(state.begun).toEqual(['scan', 'move']);
    answered.open();
    await turns();
    expect(state.begun, 'the scan waits for the move').toEqual(['scan', 'move']);
    end();
    expect((await scan).value).toBe('scanned');
    await turns();
    expect(state.begun).toEqual(['scan', 'move', 'move']);
    end();
    await Promise.all(moves);
  });

  it('that asks itself gets its answer', async () => {
    const Loop = defineCapability({
      name: 'Loop',
      operations: { down: { request: Type.Integer({ title: 'n' }), response: Type.Integer() } },
    });
    const broker = new MemoryBroker();
    const loop = Loop.implement({
      down: async (n, { call }) => {
        if (n === 0) return 0;
        const destination = programs.service.address;
        return Number((await call({ destination, operation: 'Loop.down', payload: n - 1 })).payload) + 1;
      },
    });
    await using programs = await startPrograms([loop], {}, broker);
    const asked = Array.from({ length: 10 }, () =>
      programs.service.call({ destination: programs.service.address, operation: 'Loop.down', payload: 5 }),
    );
    expect((await Promise.all(asked)).map(({ payload }) => payload)).toEqual(Array(10).fill(5));
  });

  it.each([0, 1.5, '2', Number.NaN])('cannot have a concurrency of %j', (concurrency) => {
    const declaration = { name: 'Stage', concurrency: concurrency as number, operations: { move: {} } };
    const make = () =>
      new IntersectService([defineCapability(declaration).implement({ move: () => {} })], {
        hierarchy: HIERARCHY,
        brokers: [],
      });
    expect(make).toThrow(/capabilities\[0\]\.concurrency/);
  });
});

it('a place is given first to who comes back, then in the order of asking', async () => {
  const places = new Semaphore(1);
  const order: string[] = [];
  expect(places.enter()).toBeUndefined();
  const told = [
    places.enter()?.then(() => order.push('first')),
    places.enter()?.then(() => order.push('second')),
    places.comeBack()?.then(() => order.push('back')),
  ];
  for (const _one of told) places.leave();
  await Promise.all(told);
  expect(order).toEqual(['back', 'first', 'second']);
});
