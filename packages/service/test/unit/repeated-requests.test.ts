import { newId, parseUserspaceHeaders } from '@intersect-sdk/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { AnsweredRequests } from '../../src/serve/answer/answered-requests.js';
import { request } from './support/asker.js';
import { processorOf } from './support/processor.js';

const Counter = defineCapability({
  name: 'Counter',
  operations: { up: { request: Type.Integer({ title: 'by' }), response: Type.String() } },
});

function counter() {
  const state = { runs: 0, release: (): void => {}, gate: Promise.resolve() };
  const capability = Counter.implement({
    up: async (by) => {
      state.runs += 1;
      await state.gate;
      return 'x'.repeat(by);
    },
  });
  const close = (): void => {
    state.gate = new Promise((resolve) => {
      state.release = resolve;
    });
  };
  return { capability, state, close };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a message that comes a second time', () => {
  it('is answered from memory, with the very same answer, and not run again', async () => {
    const { capability, state } = counter();
    const { processor, reports } = processorOf(capability);
    const message = request('Counter.up', { payload: 1 });
    const first = await processor.process(message);
    const second = await processor.process({ ...message });
    expect(state.runs).toBe(1);
    if (first.kind !== 'reply' || second.kind !== 'reply') throw new Error('dropped');
    expect(second.message).toBe(first.message);
    expect([first.repeated, second.repeated]).toEqual([false, true]);
    expect(reports.map(({ kind }) => kind)).toEqual(['request-repeated']);
  });

  it('while the first one runs waits for its answer', async () => {
    const { capability, state, close } = counter();
    const { processor } = processorOf(capability);
    close();
    const message = request('Counter.up', { payload: 1 });
    const both = Promise.all([processor.process(message), processor.process(message)]);
    state.release();
    const [first, second] = await both;
    expect(state.runs).toBe(1);
    expect(first.kind === 'reply' && second.kind === 'reply' && first.message === second.message).toBe(true);
  });

  it('from another source is another message', async () => {
    const { capability, state } = counter();
    const { ask } = processorOf(capability);
    const messageId = newId();
    await ask('Counter.up', { payload: 1, headers: { messageId } });
    await ask('Counter.up', { payload: 1, headers: { messageId, source: 'test-org.test-fac.x.-.y' } });
    expect(state.runs).toBe(2);
  });

  it('is answered with an error when its answer was too large to be kept, and still not run again', async () => {
    const { capability, state } = counter();
    const { processor, ask } = processorOf(capability, { memory: { maxBytes: 100 } });
    const large = request('Counter.up', { payload: 200 });
    const messageId = parseUserspaceHeaders(large.headers).messageId;
    await processor.process(large);
    const reply = await ask('Counter.up', { payload: 200, headers: { messageId } });
    expect(reply).toMatchObject({ hasError: true, value: expect.stringContaining('answered before') });
    expect(state.runs).toBe(1);
  });
});

describe('the memory of answers', () => {
  it('is bounded by count', async () => {
    const memory = new AnsweredRequests<string>((answer) => answer.length, { maxEntries: 3 });
    for (const key of ['a', 'b', 'c', 'd']) await memory.run(key, async () => key);
    expect(memory.size).toBe(3);
    expect([memory.find('a'), memory.find('d')]).toEqual([undefined, { kind: 'answered', answer: 'd' }]);
  });

  it('is bounded by age', async () => {
    vi.useFakeTimers();
    const memory = new AnsweredRequests<string>((answer) => answer.length, { keepForMs: 1000 });
    await memory.run('a', async () => 'a');
    vi.advanceTimersByTime(999);
    expect(memory.find('a')?.kind).toBe('answered');
    vi.advanceTimersByTime(2);
    expect(memory.find('a')).toBeUndefined();
    expect(memory.size).toBe(0);
  });

  it('gives up the oldest answers when they take too much space, and stays accountable', async () => {
    const memory = new AnsweredRequests<string>((answer) => answer.length, { maxBytes: 25 });
    for (const key of ['a', 'b', 'c']) await memory.run(key, async () => key.repeat(10));
    expect(['a', 'b', 'c'].map((key) => memory.find(key)?.kind)).toEqual([
      'forgotten',
      'answered',
      'answered',
    ]);
    await memory.run('d', async () => 'd'.repeat(10));
    expect(memory.find('b')?.kind).toBe('forgotten');
  });

  it('never forgets what still runs', async () => {
    const memory = new AnsweredRequests<string>((answer) => answer.length, { maxEntries: 1, keepForMs: 1 });
    let release = (): void => {};
    const running = memory.run('a', async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return 'a';
    });
    for (const key of ['b', 'c']) await memory.run(key, async () => key);
    expect(memory.find('a')?.kind).toBe('running');
    release();
    await running;
  });
});
