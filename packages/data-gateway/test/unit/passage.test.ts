import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type PassageRules, passage } from '../../src/passage.js';

type Controller = ReadableStreamDefaultController<Uint8Array>;

const errors = {
  cut: () => new Error('cut'),
  tooLarge: () => new Error('too large'),
  late: () => new Error('late'),
  aborted: () => new Error('aborted'),
};

/** A stream that gives these, then waits for ever, and remembers why it was cancelled. */
function source(...chunks: number[]) {
  const cancelled: string[] = [];
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const size = chunks.shift();
        if (size !== undefined) controller.enqueue(new Uint8Array(size));
      },
      cancel: (reason: Error) => void cancelled.push(reason.message),
    },
    { highWaterMark: 0 },
  );
  return { stream, cancelled };
}

describe('bytes on their way', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const { signal } = new AbortController();
  const reading = (stream: ReadableStream<Uint8Array>, rules: Partial<PassageRules>) =>
    passage(stream, { signal, errors, ...rules }).getReader();

  test('end late when the source gives none in time, and not before', async () => {
    const { stream, cancelled } = source(10);
    const reader = reading(stream, { sourceMs: 1_000 });
    expect((await reader.read()).value?.byteLength).toBe(10);
    const next = reader.read().catch((error) => error.message);
    await vi.advanceTimersByTimeAsync(999);
    expect(cancelled).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect([await next, cancelled]).toEqual(['late', ['late']]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('end late when who reads wants none in time, and the time begins anew with each read', async () => {
    const { stream, cancelled } = source(10, 10, 10);
    const reader = reading(stream, { readerMs: 1_000 });
    for (let chunk = 0; chunk < 2; chunk++) {
      await reader.read();
      await vi.advanceTimersByTimeAsync(999);
    }
    await reader.read();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(cancelled).toEqual(['late']);
    await expect(reader.read()).rejects.toThrow('late');
  });

  test('end when the signal aborts, while they are waited for and while nobody waits', async () => {
    for (const isRead of [true, false]) {
      const aborter = new AbortController();
      const { stream, cancelled } = source();
      const reader = reading(stream, { signal: aborter.signal, sourceMs: 1_000 });
      const read = isRead ? reader.read().catch((error) => error.message) : undefined;
      aborter.abort();
      expect(await (read ?? reader.read().catch((error) => error.message))).toBe('aborted');
      expect(cancelled).toEqual(['aborted']);
    }
    const { stream, cancelled } = source();
    await expect(reading(stream, { signal: AbortSignal.abort() }).read()).rejects.toThrow('aborted');
    expect(cancelled).toEqual(['aborted']);
  });

  test.each([
    ['than were promised', { size: 15 }],
    ['than are allowed', { maxBytes: 15 }],
  ])('end when there are more %s', async (_name, rules) => {
    const { stream, cancelled } = source(10, 10);
    const reader = reading(stream, rules);
    await reader.read();
    await expect(reader.read()).rejects.toThrow('too large');
    expect(cancelled).toEqual(['too large']);
  });

  test.each([
    ['ends before there are as many as were promised', (c: Controller) => c.close()],
    ['fails', (c: Controller) => c.error(new Error('of the source'))],
  ])('end as cut when the source %s', async (_name, end) => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
      },
      pull: end,
    });
    const reader = reading(stream, { size: 15 });
    await reader.read();
    await expect(reader.read()).rejects.toThrow('cut');
  });

  test('are not read before somebody wants them, and the source is told when nobody does any more', async () => {
    const left = [1, 2, 3];
    const cancelled: unknown[] = [];
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => controller.enqueue(new Uint8Array(left.shift() ?? 0)),
        cancel: (reason) => void cancelled.push(reason),
      },
      { highWaterMark: 0 },
    );
    const reader = reading(stream, { readerMs: 1_000 });
    await vi.advanceTimersByTimeAsync(10);
    expect(left).toHaveLength(3);
    await reader.read();
    expect(left).toHaveLength(2);
    await reader.cancel('enough');
    expect(cancelled).toEqual(['enough']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
