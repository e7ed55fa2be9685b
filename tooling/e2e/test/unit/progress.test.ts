// What a caller hears of a request before its answer, on a broker in memory.
import { defineCapability, IntersectService, Type } from '@intersect-sdk/service';
import { memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ADDRESS, startScanning } from '../support/scanning.js';

const ask = (operation: string, payload?: unknown) => ({
  destination: ADDRESS,
  operation: `Scanner.${operation}`,
  payload,
});

afterEach(() => void vi.useRealTimers());

describe('progress', () => {
  test('comes in order, and then the answer', async () => {
    await using scanning = await startScanning();
    const seen: unknown[] = [];
    const answer = await scanning.client.request(ask('expose', 3), { onProgress: (one) => seen.push(one) });
    expect(answer).toBe('exposed');
    expect(seen).toEqual(
      [1, 2, 3].map((step) => ({ fraction: step / 3, message: `step ${step}`, data: { step } })),
    );
    expect(scanning.reports).toEqual([]);
  });

  test('is not sent to who does not want it', async () => {
    await using scanning = await startScanning();
    expect(await scanning.client.request(ask('expose', 3))).toBe('exposed');
    expect(scanning.parts()).toEqual([]);
  });

  test('of an answer that comes at once is nothing but the answer', async () => {
    await using scanning = await startScanning();
    const { signal } = new AbortController();
    expect(await scanning.client.request(ask('quick'), { signal })).toBe('quick');
    expect(scanning.parts()).toEqual([]);
  });

  test('that comes too fast is the newest, and the last one always', async () => {
    await using scanning = await startScanning();
    await using hasty = await hastyService(scanning.broker, (progress) => {
      for (let n = 0; n <= 1000; n++) progress({ fraction: n / 1000 });
    });
    const seen: (number | undefined)[] = [];
    await scanning.client.request(hasty.ask, { onProgress: ({ fraction }) => seen.push(fraction) });
    expect(seen).toEqual([1]);
  });

  test('is refused at its sender where it is none', async () => {
    await using scanning = await startScanning();
    const thrown: unknown[] = [];
    await using hasty = await hastyService(scanning.broker, (progress) => {
      for (const wrong of [
        { fraction: Number.NaN },
        { fraction: '1' },
        { message: 1 },
        { data: () => {} },
        { percent: 5 },
        7,
      ]) {
        try {
          progress(wrong as never);
        } catch (error) {
          thrown.push((error as { code: unknown }).code);
        }
      }
      progress({ fraction: 1.5 });
    });
    // Also where nobody wants it.
    expect(await scanning.client.request(hasty.ask)).toBe('done');
    const seen: unknown[] = [];
    await scanning.client.request(hasty.ask, { onProgress: ({ fraction }) => seen.push(fraction) });
    expect(thrown).toEqual(Array.from({ length: 12 }, () => 'CONFIG_INVALID'));
    expect(seen).toEqual([1]);
  });

  test('ends nothing where its listener throws, which is reported', async () => {
    await using scanning = await startScanning();
    const onProgress = (): void => {
      throw new Error('the display is broken');
    };
    const asynchronous = async (): Promise<void> => onProgress();
    expect(await scanning.client.request(ask('expose', 1), { onProgress })).toBe('exposed');
    expect(await scanning.client.request(ask('expose', 1), { onProgress: asynchronous })).toBe('exposed');
    expect(scanning.reports.map(({ kind }) => kind)).toEqual(['handler-failed', 'handler-failed']);
  });

  test('comes to a service that asks another one, too', async () => {
    await using scanning = await startScanning();
    const seen: unknown[] = [];
    await scanning.service.call(ask('expose', 2), { onProgress: ({ message }) => seen.push(message) });
    expect(seen).toEqual(['step 1', 'step 2']);
  });
});

describe('a request that has its answer', () => {
  test('or was never made, does not mind what comes later', async () => {
    await using scanning = await startScanning();
    await scanning.client.request(ask('expose', 1), { onProgress: () => {} });
    const late = scanning.messages.find(({ headers }) => headers['x-intersect-part'] === 'progress');
    const sender = memoryTransport(scanning.broker);
    await sender.connect();
    await sender.publish({ ...(late as NonNullable<typeof late>) });
    await sender.close();
    expect(await scanning.client.request(ask('quick'))).toBe('quick');
    expect(scanning.reports).toEqual([]);
  });

  test('is told its id when it is sent', async () => {
    await using scanning = await startScanning();
    const accepted: { requestId: string }[] = [];
    const { requestId } = await scanning.client.requestWithDetails(ask('quick'), {
      onAccepted: (one) => accepted.push(one),
    });
    expect(accepted).toEqual([{ requestId }]);
  });
});

describe('a service that has a request', () => {
  test('says so every 5 s, whatever its handler does, and no longer than it has it', async () => {
    await using scanning = await startScanning();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { client, log } = scanning;
    const insisting = client.request(ask('insist'), { idleTimeoutMs: 60_000 });
    await log.has('insist began');
    // One that waits for its place.
    const waiting = client.request(ask('quick'), { idleTimeoutMs: 60_000 });
    await vi.waitUntil(() => scanning.parts().length === 2);
    expect(scanning.parts()).toEqual(['taken', 'taken']);
    vi.advanceTimersByTime(15_000);
    expect(scanning.parts().slice(2)).toEqual(Array.from({ length: 6 }, () => 'alive'));
    log.insisting?.();
    expect(await insisting).toBe('insisted');
    expect(await waiting).toBe('quick');
    vi.advanceTimersByTime(15_000);
    expect(scanning.parts()).toHaveLength(8);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('and is silent then ends the request, and not before', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    const ended: unknown[] = [];
    // An hour is more than the usual limit of all requests.
    const insisting = client.request(ask('insist'), { idleTimeoutMs: 60_000 });
    insisting.then(
      (answer) => ended.push(answer),
      (error) => ended.push(error),
    );
    await log.has('insist began');
    await vi.waitUntil(() => scanning.parts().length === 1);
    for (let seconds = 0; seconds < 3600; seconds += 5) await vi.advanceTimersByTimeAsync(5_000);
    expect(ended).toEqual([]);
    scanning.loss.of = ({ headers }) => headers['x-intersect-part'] === 'alive';
    // A handler that blocks the event loop for 50 s.
    await vi.advanceTimersByTimeAsync(55_000);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toMatchObject([{ code: 'REQUEST_SILENT', retryable: false, mayHaveRun: true }]);
    expect((ended[0] as Error).message).toContain('may still be running');
    log.insisting?.();
  });

  test('is not taken for dead by a program that was busy itself', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    const insisting = client.request(ask('insist'), { idleTimeoutMs: 60_000 });
    await log.has('insist began');
    await vi.waitUntil(() => scanning.parts().length === 1);
    // Two minutes in which no timer rang.
    vi.setSystemTime(Date.now() + 120_000);
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 120_000);
    await vi.advanceTimersByTimeAsync(60_000);
    clock.mockRestore();
    log.insisting?.();
    expect(await insisting).toBe('insisted');
  });

  test('without idleTimeoutMs has the time that the caller gives it', async () => {
    await using scanning = await startScanning();
    const { client, log } = scanning;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const insisting = client.request(ask('insist'), { timeoutMs: 7_000, onProgress: () => {} });
    const ended = expect(insisting).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    await log.has('insist began');
    await vi.advanceTimersByTimeAsync(7_001);
    await ended;
    log.insisting?.();
  });
});

/** A service whose only operation calls back with its `progress`, and then answers. */
async function hastyService(
  broker: Parameters<typeof memoryTransport>[0],
  work: (progress: (one: { fraction: number }) => void) => void,
) {
  const Hasty = defineCapability({ name: 'Hasty', operations: { run: { response: Type.String() } } });
  const hasty = Hasty.implement({
    run: (_, { progress }) => {
      work(progress);
      return 'done';
    },
  });
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'hasty' };
  const service = new IntersectService([hasty], { hierarchy, brokers: [memoryTransport(broker)] });
  await service.startup();
  return {
    ask: { destination: service.address, operation: 'Hasty.run' },
    [Symbol.asyncDispose]: async () => void (await service.shutdown()),
  };
}
