import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defineCapability, IntersectService, Type } from '../../src/index.js';
import { HIERARCHY } from './support/asker.js';

const Slow = defineCapability({ name: 'Slow', operations: { never: { response: Type.String() } } });
const never = () => Slow.implement({ never: () => new Promise(() => {}) });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A service that can be called, and calls to it that are never answered. */
async function startPair() {
  const broker = new MemoryBroker();
  const startService = (name: string) =>
    new IntersectService([never()], {
      hierarchy: { ...HIERARCHY, service: name },
      brokers: [memoryTransport(broker)],
      shutdownTimeoutMs: 1,
    }).startup();
  const asked = await startService('asked');
  const caller = await startService('caller');
  const call = (options: object) =>
    caller
      .call({ destination: asked.address, operation: 'Slow.never' }, options)
      .then(String, (error: { code?: string }) => error.code ?? String(error));
  const end = async () => {
    const ended = Promise.all([caller.shutdown(), asked.shutdown()]);
    await vi.advanceTimersByTimeAsync(5_000);
    await ended;
  };
  return { call, [Symbol.asyncDispose]: end };
}

describe('a call to another service', () => {
  /** What it comes to within some milliseconds. */
  async function outcomeOf(options: object): Promise<string[]> {
    await using pair = await startPair();
    const outcomes: string[] = [];
    void pair.call(options).then((outcome) => outcomes.push(outcome));
    await vi.advanceTimersByTimeAsync(10);
    return [...outcomes];
  }

  test.each([Number.NaN, -5, 'soon'])('with the timeout %s is refused at once', async (timeoutMs) => {
    expect(await outcomeOf({ timeoutMs })).toEqual(['CONFIG_INVALID']);
  });

  test('with a signal that is none is refused at once', async () => {
    expect(await outcomeOf({ signal: {} })).toEqual(['CONFIG_INVALID']);
  });

  test('with an option that is misspelled is refused at once', async () => {
    expect(await outcomeOf({ timeoutMS: 100 })).toEqual(['CONFIG_INVALID']);
  });

  test('whose timeout is no number leaves the timeouts of other calls as they are', async () => {
    await using pair = await startPair();
    const outcomes: string[] = [];
    void pair.call({ timeoutMs: Number.NaN });
    for (const timeoutMs of [200, 400, 800]) {
      void pair.call({ timeoutMs }).then((outcome) => outcomes.push(`${timeoutMs}: ${outcome}`));
    }
    await vi.advanceTimersByTimeAsync(810);
    expect(outcomes).toEqual(['200: REQUEST_TIMEOUT', '400: REQUEST_TIMEOUT', '800: REQUEST_TIMEOUT']);
  });
});
