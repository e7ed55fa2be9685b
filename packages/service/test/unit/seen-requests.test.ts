// What an earlier process has dealt with is not run again.
import type { SeenRequest, SeenStore } from '@intersect-sdk/core';
import type { Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test, vi } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { Arrival } from '../../src/serve/request/arrival.js';
import { readReply, request } from './support/asker.js';
import { processorOf } from './support/processor.js';
import { Latch, serviceAt } from './support/programs.js';

class MemoryStore implements SeenStore {
  readonly seen = new Map<string, SeenRequest>();
  readonly log: string[] = [];
  failure: Error | undefined;
  isOpen = false;
  async open(): Promise<void> {
    this.isOpen = true;
  }
  async close(): Promise<void> {
    this.isOpen = false;
  }
  async find(key: string): Promise<SeenRequest | undefined> {
    if (this.failure) throw this.failure;
    return this.seen.get(key);
  }
  async remember(key: string, seen: SeenRequest): Promise<void> {
    if (this.failure) throw this.failure;
    this.log.push(seen.state);
    this.seen.set(key, seen);
  }
}

const Lab = defineCapability({
  name: 'Lab',
  operations: {
    scan: { request: Type.Integer(), response: Type.Integer() },
    move: { response: Type.Integer(), acknowledge: 'on-start' },
  },
});

/** A process of the service, and what it did. */
function processWith(seen: SeenStore) {
  const state = { log: [] as string[] };
  const capability = Lab.implement({
    scan: (number) => {
      state.log.push('scan');
      return number;
    },
    move: () => {
      state.log.push('move');
      if (seen instanceof MemoryStore) state.log.push(...seen.log);
      return 1;
    },
  });
  return { ...processorOf(capability, { seen }), log: state.log };
}

describe('after the end of the process', () => {
  test('a request that was answered gets the same answer', async () => {
    const store = new MemoryStore();
    const message = request('Lab.scan', { payload: 7 });
    const first = await processWith(store).processor.process(message);
    const next = processWith(store);
    const again = await next.processor.process(message);
    expect(next.log).toEqual([]);
    expect(again).toMatchObject({ kind: 'reply', repeated: true });
    expect(again.kind === 'reply' && first.kind === 'reply' && again.message).toEqual(
      first.kind === 'reply' && first.message,
    );
    expect(next.reports).toMatchObject([{ kind: 'request-repeated', operation: 'Lab.scan' }]);
    expect(next.processor.counts).toEqual({ answered: 0, refused: 0, dropped: 0, repeated: 1 });
    expect(next.processor.inFlight).toBe(0);
  });

  test('one whose answer was not kept is told so', async () => {
    const store = new MemoryStore();
    const message = request('Lab.scan', { payload: 7 });
    await processWith(store).processor.process(message);
    for (const [key, seen] of store.seen) store.seen.set(key, { ...seen, answer: undefined });
    const next = processWith(store);
    const again = await next.processor.process(message);
    expect(again.kind === 'reply' && readReply(again.message)).toMatchObject({
      hasError: true,
      value: expect.stringContaining('its answer is no longer kept'),
    });
    expect(next.log).toEqual([]);
  });

  test('one that had begun, and was acknowledged then, is not run again', async () => {
    const store = new MemoryStore();
    const first = processWith(store);
    const message = request('Lab.move');
    await first.processor.process(message);
    // It is remembered before the handler begins.
    expect(first.log).toEqual(['move', 'begun']);
    expect(store.log).toEqual(['begun', 'finished']);
    for (const [key, { atMs }] of store.seen) store.seen.set(key, { state: 'begun', atMs });
    const next = processWith(store);
    const arrival = new Arrival();
    const again = await next.processor.process(message, arrival);
    expect(arrival.start).toBeDefined();
    expect(again.kind === 'reply' && readReply(again.message)).toMatchObject({
      hasError: true,
      value: expect.stringContaining("had begun for this message when the service's process ended"),
    });
    expect(next.log).toEqual([]);
  });

  test('one that was refused for its argument is refused again', async () => {
    const store = new MemoryStore();
    const message = request('Lab.scan', { payload: 'x' });
    await processWith(store).processor.process(message);
    const again = await processWith(store).processor.process(message);
    expect(again.kind === 'reply' && readReply(again.message)).toMatchObject({ hasError: true });
  });
});

test('a store that fails is reported, and the requests are dealt with as without it', async () => {
  const store = new MemoryStore();
  store.failure = new Error('the disk is full');
  const { ask, reports } = processWith(store);
  expect((await ask('Lab.scan', { payload: 7 })).value).toBe(7);
  expect(reports).toMatchObject([
    { kind: 'seen-store-failed', message: expect.stringContaining('the disk is full') },
    { kind: 'seen-store-failed', message: expect.stringContaining('may run again after a crash') },
  ]);
});

describe('the store', () => {
  const Idle = defineCapability({ name: 'Idle', operations: { rest: {} } });
  const idle = () => Idle.implement({ rest: () => {} });

  test('is open while the service runs, and closed after that', async () => {
    const seen = new MemoryStore();
    const service = serviceAt(new MemoryBroker(), [idle()], { seen });
    expect(seen.isOpen).toBe(false);
    await service.startup();
    expect(seen.isOpen).toBe(true);
    await service.shutdown();
    expect(seen.isOpen).toBe(false);
  });

  test('is not left open by a start that fails', async () => {
    const seen = new MemoryStore();
    const brokers = [memoryTransport(new MemoryBroker())];
    vi.spyOn(brokers[0] as Transport, 'connect').mockRejectedValue(new Error('the broker is on fire'));
    const service = serviceAt(new MemoryBroker(), [idle()], { seen, brokers });
    await expect(service.startup()).rejects.toThrow('the broker is on fire');
    expect(seen.isOpen).toBe(false);
  });

  test('that opens after the start was given up is closed then', async () => {
    const seen = new MemoryStore();
    const opening = new Latch();
    const open = seen.open.bind(seen);
    seen.open = () => opening.done.then(open);
    const service = serviceAt(new MemoryBroker(), [idle()], { seen });
    const starting = service.startup();
    const refused = expect(starting).rejects.toMatchObject({ code: 'DRAINING' });
    await new Promise(setImmediate);
    const ended = service.shutdown();
    // The end has had every occasion to come first.
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    opening.open();
    await Promise.all([refused, ended]);
    expect(seen.isOpen).toBe(false);
  });
});

test('a request that is just being written down is waited for by a service that stops', async () => {
  const store = new MemoryStore();
  const writing = new Latch();
  const written = new Latch();
  const remember = store.remember.bind(store);
  store.remember = async (key, seen) => {
    writing.open();
    await written.done;
    return remember(key, seen);
  };
  const { processor, log } = processWith(store);
  const outcome = processor.process(request('Lab.move'));
  await writing.done;
  expect(processor.giveUpStarted()).toBe(true);
  written.open();
  const reply = await outcome;
  expect(reply.kind === 'reply' && readReply(reply.message)).toMatchObject({
    hasError: true,
    value: expect.stringContaining('the service is stopping'),
  });
  expect(log).toEqual([]);
});
