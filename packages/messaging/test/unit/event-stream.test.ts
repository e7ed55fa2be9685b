import { type EventHandler, type EventMessage, EventStream } from '@intersect-sdk/messaging';
import { describe, expect, test, vi } from 'vitest';
import type { EventStreamOptions } from '../../src/events/event-stream.js';

/** A stream and what stands behind it. */
function setUp(options: Partial<EventStreamOptions> = {}) {
  let handler!: EventHandler;
  let confirm!: () => void;
  let refuse!: (error: unknown) => void;
  let giveUp!: AbortSignal;
  const unsubscribe = vi.fn(async () => {});
  const dropped: unknown[] = [];
  const onEnded = vi.fn();
  const stream = new EventStream({
    bufferSize: 3,
    overflow: 'drop-oldest',
    listen: (handle, signal) => {
      handler = handle;
      giveUp = signal;
      signal.addEventListener('abort', () => refuse(new Error('given up')));
      return new Promise((resolve, reject) => {
        confirm = () => resolve(unsubscribe);
        refuse = reject;
      });
    },
    onDropped: ({ payload }) => dropped.push(payload),
    onEnded,
    ...options,
  });
  const push = (...payloads: number[]): void => {
    for (const payload of payloads) void handler({ payload } as EventMessage);
  };
  return {
    stream,
    push,
    confirm,
    refuse: (error: unknown) => refuse(error),
    giveUp,
    unsubscribe,
    dropped,
    onEnded,
  };
}

const payloadOf = async (result: Promise<IteratorResult<EventMessage>>): Promise<unknown> =>
  (await result).value?.payload;

const readAll = async (stream: EventStream): Promise<unknown[]> => {
  const payloads: unknown[] = [];
  for await (const { payload } of stream) payloads.push(payload);
  return payloads;
};

describe('the buffer', () => {
  test('gives events in order, to a reader that waits and to one that comes later', async () => {
    const { stream, push } = setUp();
    const first = payloadOf(stream.next());
    push(1, 2, 3);
    expect([await first, await payloadOf(stream.next()), await payloadOf(stream.next())]).toEqual([1, 2, 3]);
  });

  test.each([
    ['drop-oldest', [3, 4, 5], [1, 2]],
    ['drop-newest', [1, 2, 3], [4, 5]],
  ] as const)('%s keeps as many as it holds and tells of the others', async (overflow, kept, dropped) => {
    const setup = setUp({ overflow });
    setup.push(1, 2, 3, 4, 5);
    void setup.stream.stop();
    expect(await readAll(setup.stream)).toEqual(kept);
    expect(setup.dropped).toEqual(dropped);
  });

  test('fail: ends listening, gives what it holds, then throws once', async () => {
    const { stream, push, confirm, unsubscribe, dropped } = setUp({ overflow: 'fail' });
    confirm();
    await stream.ready;
    push(1, 2, 3, 4, 5);
    const read = [stream.next(), stream.next(), stream.next()].map(payloadOf);
    expect(await Promise.all(read)).toEqual([1, 2, 3]);
    await expect(stream.next()).rejects.toMatchObject({ code: 'EVENTS_OVERFLOWED' });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(dropped, 'after the end nothing is taken').toEqual([4]);
    await stream.stop();
    expect(unsubscribe).toHaveBeenCalledOnce();
  });
});

describe('the end', () => {
  test('tells once, and unsubscribes once, however often it is asked for', async () => {
    const abort = new AbortController();
    const { stream, confirm, unsubscribe, onEnded } = setUp({ signal: abort.signal });
    confirm();
    await stream.ready;
    abort.abort();
    await Promise.all([stream.stop(), stream.return(), stream[Symbol.asyncDispose]()]);
    expect(onEnded).toHaveBeenCalledOnce();
    expect(unsubscribe).toHaveBeenCalledOnce();
  });

  test('resolves only when listening has ended', async () => {
    let ended!: () => void;
    const unsubscribe = () => new Promise<void>((resolve) => (ended = resolve));
    const { stream } = setUp({ listen: async () => unsubscribe });
    await stream.ready;
    const stopped = vi.fn();
    const stopping = [stream.stop(), stream.stop()];
    void Promise.all(stopping).then(stopped);
    await new Promise(setImmediate);
    expect(stopped).not.toHaveBeenCalled();
    ended();
    await Promise.all(stopping);
  });

  test('before the brokers confirmed: gives up listening, ready rejects', async () => {
    const { stream, giveUp, unsubscribe } = setUp();
    await stream.stop();
    expect(giveUp.aborted).toBe(true);
    await expect(stream.ready).rejects.toThrow('given up');
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(unsubscribe).not.toHaveBeenCalled();
  });

  test('by a refusal of the brokers: ready rejects and the reader gets the error once', async () => {
    const { stream, refuse, onEnded } = setUp();
    const [one, two] = [stream.next(), stream.next()];
    refuse(new Error('no access'));
    await expect(stream.ready).rejects.toThrow('no access');
    await expect(one).rejects.toThrow('no access');
    expect(await two).toEqual({ value: undefined, done: true });
    expect(onEnded).toHaveBeenCalledOnce();
  });

  test('by an error: what is buffered can be read first', async () => {
    const { stream, push, confirm } = setUp();
    confirm();
    await stream.ready;
    push(1);
    await stream.fail(new Error('connection gone'));
    expect(await payloadOf(stream.next())).toBe(1);
    await expect(stream.next()).rejects.toThrow('connection gone');
  });

  test('with a signal that was given long ago is told after the constructor returned', async () => {
    const onEnded = vi.fn();
    const { stream } = setUp({ signal: AbortSignal.abort(), onEnded });
    expect(onEnded).not.toHaveBeenCalled();
    expect(await readAll(stream)).toEqual([]);
    expect(onEnded).toHaveBeenCalledOnce();
  });

  test('leaves no listener at the signal', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const { stream, confirm } = setUp({ signal });
    confirm();
    await stream.stop();
    expect(remove).toHaveBeenCalledWith('abort', expect.any(Function));
  });
});
