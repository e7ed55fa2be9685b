import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SeenRequest, type SeenStoreOptions, seenStore } from '@intersect-sdk/seen-store';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'intersect-seen-')), 'seen');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

async function opened(options: Partial<SeenStoreOptions> = {}) {
  const store = seenStore({ folder, ...options });
  await store.open();
  return { ...store, find: store.find.bind(store), store, [Symbol.asyncDispose]: () => store.close() };
}

const finished = (payload: string, atMs = Date.now()): SeenRequest => ({
  state: 'finished',
  atMs,
  answer: {
    channel: 'a/b/response',
    contentType: 'application/json',
    headers: { message_id: '1', has_error: 'false' },
    payload: new TextEncoder().encode(payload),
  },
});

test('the next process finds what one remembered, with its answer', async () => {
  const seen = finished('{"a":"\u00fc"}');
  {
    await using first = await opened();
    await first.store.remember('source id', seen);
    await first.store.remember('begun', { state: 'begun', atMs: 5 });
  }
  await using second = await opened({ sync: true });
  expect(await second.find('source id')).toEqual(seen);
  expect(await second.find('source i')).toBeUndefined();
});

test('what has begun and then finished is finished', async () => {
  await using seen = await opened();
  await seen.store.remember('k', { state: 'begun', atMs: Date.now() });
  expect(await seen.find('k')).toMatchObject({ state: 'begun', answer: undefined });
  await seen.store.remember('k', finished('1'));
  expect(await seen.find('k')).toMatchObject({
    state: 'finished',
    answer: { contentType: 'application/json' },
  });
});

test('of a request with a large answer it knows that it was finished', async () => {
  await using seen = await opened({ maxAnswerBytes: 3 });
  await seen.store.remember('fits', finished('123'));
  await seen.store.remember('does not', finished('1234'));
  expect((await seen.find('fits'))?.answer?.payload).toEqual(new TextEncoder().encode('123'));
  expect(await seen.find('does not')).toEqual({
    state: 'finished',
    atMs: expect.any(Number),
    answer: undefined,
  });
});

describe('what is older than it is to remember', () => {
  afterEach(() => void vi.useRealTimers());

  test('is gone at the next start, however much it is, and nothing else', async () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    vi.useFakeTimers({ toFake: ['Date'], now });
    {
      await using first = await opened({ keepForMs: 1_000 });
      for (let number = 0; number < 2_500; number++)
        await first.store.remember(`old ${number}`, finished('1', now - 1_001));
      await first.store.remember('young', finished('1', now - 1_000));
    }
    await using second = await opened({ keepForMs: 1_000 });
    await expect.poll(() => second.find('old 2499')).toBeUndefined();
    expect(await second.find('old 0')).toBeUndefined();
    expect(await second.find('young')).toMatchObject({ state: 'finished' });
  });
});

test('a folder that another store has open is refused, and can be opened after it', async () => {
  const first = await opened();
  const second = seenStore({ folder });
  await expect(second.open()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    issues: [{ path: 'folder', message: expect.stringContaining('is used by another process') }],
  });
  await first.store.close();
  await second.open();
  await second.close();
  await expect(second.find('k')).rejects.toThrow('it is not open');
});

test('options that cannot be used are refused before anything is made', () => {
  expect(() => seenStore({ folder: '', keepFor: 1 } as never)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
});
