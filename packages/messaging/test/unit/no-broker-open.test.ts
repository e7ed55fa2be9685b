import { BrokerGroup, Observers, WIRE_0_9 } from '@intersect-sdk/messaging';
import { createTransport, type PublishOptions } from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver, memoryTransport } from '@intersect-sdk/transport/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { message } from './scripted-transport.js';

const session = { id: 'test', keepForMs: 1000, keepAfterClose: false };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A group of two brokers that are both down; one that is back takes a message and never confirms it. */
async function groupWithoutBrokers() {
  const brokers = [new MemoryBroker(), new MemoryBroker()];
  const transports = brokers.map((broker) => {
    const driver = memoryDriver(broker);
    const open: typeof driver.open = async (events, options) =>
      Object.assign(await driver.open(events, options), { publish: () => new Promise(() => {}) });
    return createTransport({ ...driver, open }, { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 });
  });
  const group = new BrokerGroup(transports, { session, observers: new Observers({ wire: WIRE_0_9 }) });
  await group.connect();
  const refuse = (on: boolean) => {
    for (const broker of brokers) broker.refuse(on);
  };
  refuse(true);
  for (const broker of brokers) broker.sever();
  /** Why it ended, and when. */
  const publish = async (options: PublishOptions) => {
    const startedAtMs = performance.now();
    const code = await group.publishToOne(message(), options).then(
      () => 'published',
      (error: { code?: string }) => error.code,
    );
    return { code, afterMs: Math.round(performance.now() - startedAtMs) };
  };
  const close = () => Promise.all(transports.map((transport) => transport.close()));
  return { publish, refuse, close, [Symbol.asyncDispose]: () => close().then(() => {}) };
}

describe('publishing to one while no broker is connected', () => {
  test('ends at once when its signal is aborted already', async () => {
    await using group = await groupWithoutBrokers();
    const publishing = group.publish({ timeoutMs: 2_000, signal: AbortSignal.abort() });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await publishing).toEqual({ code: 'ABORTED', afterMs: 0 });
  });

  test('ends as soon as every broker is closed', async () => {
    await using group = await groupWithoutBrokers();
    const publishing = group.publish({ timeoutMs: 3_000 });
    await vi.advanceTimersByTimeAsync(100);
    await group.close();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await publishing).toEqual({ code: 'CLOSED', afterMs: 100 });
  });

  test('takes the broker that is back first, whichever it is', async () => {
    const [first, second] = [new MemoryBroker(), new MemoryBroker()];
    const delays = { reconnectMinDelayMs: 1, reconnectMaxDelayMs: 1 };
    const transports = [first, second].map((broker) => memoryTransport(broker, delays));
    const group = new BrokerGroup(transports, { session, observers: new Observers({ wire: WIRE_0_9 }) });
    await group.connect();
    for (const broker of [first, second]) {
      broker.refuse(true);
      broker.sever();
    }
    const publishing = group.publishToOne(message(), { timeoutMs: 2_000 });
    const outcome = publishing.then(
      () => 'published',
      ({ code }: { code?: string }) => code,
    );
    await vi.advanceTimersByTimeAsync(100);
    second.refuse(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await outcome).toBe('published');
    await group.close();
  });

  test('waits for a broker and for its confirmation within one timeout', async () => {
    await using group = await groupWithoutBrokers();
    const publishing = group.publish({ timeoutMs: 1_000 });
    await vi.advanceTimersByTimeAsync(800);
    group.refuse(false);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await publishing).toEqual({ code: 'PUBLISH_TIMEOUT', afterMs: 1_000 });
  });
});
