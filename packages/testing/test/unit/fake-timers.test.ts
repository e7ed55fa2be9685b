import { defineCapability, Type } from '@intersect-sdk/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mockService, startLab } from '../../src/index.js';

const Oven = defineCapability({
  name: 'Oven',
  operations: { bake: { response: Type.String(), timeLimitMs: 60_000 } },
  status: { schema: Type.Integer() },
});

/** Waits until the request is given up. */
const never = (_nothing: unknown, { signal }: { readonly signal: AbortSignal }): Promise<string> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('a lab starts, works and stops while the time stands still', async () => {
  const lab = await startLab({ services: [mockService(Oven, { bake: () => 'done', status: () => 1 })] });
  expect(await lab.capability(Oven).bake()).toBe('done');
  await lab.stop();
});

test('who asks gives up after its time', async () => {
  await using lab = await startLab({ services: [mockService(Oven, { bake: never, status: () => 1 })] });
  const baked = lab.capability(Oven).bake({ timeoutMs: 30_000 });
  const refused = expect(baked).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
  await lab.untilRequest(Oven, 'bake');
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
  await vi.advanceTimersByTimeAsync(30_000);
  lab.takeReports();
});

test('an operation is ended by its time limit', async () => {
  await using lab = await startLab({ services: [mockService(Oven, { bake: never, status: () => 1 })] });
  const baked = lab.capability(Oven).bake({ timeoutMs: 3_600_000 });
  const refused = expect(baked).rejects.toMatchObject({ code: 'REMOTE_ERROR' });
  await lab.untilRequest(Oven, 'bake');
  await vi.advanceTimersByTimeAsync(60_000);
  await refused;
  expect(lab.takeReports().map(({ reason }) => reason)).toEqual(['time-limit']);
});

test('the status is told at its interval', async () => {
  const status = vi.fn(() => status.mock.calls.length);
  const oven = mockService(Oven, { status });
  const lab = await startLab({ services: [{ capabilities: [oven], statusInterval: 600 }] });
  expect(status).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(status).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1_200_000);
  expect(status).toHaveBeenCalledTimes(4);
  await lab.stop();
});

test('what a test waits for is given up after its time', async () => {
  await using lab = await startLab({ services: [mockService(Oven)] });
  const seen = expect(lab.untilRequest(Oven, 'bake', { timeoutMs: 3_600_000 })).rejects.toMatchObject({
    code: 'LAB_NOT_SEEN',
  });
  await vi.advanceTimersByTimeAsync(3_600_000);
  await seen;
});
