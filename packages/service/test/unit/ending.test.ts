import { createTransport, type Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryDriver } from '@intersect-sdk/transport/memory';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defineCapability } from '../../src/index.js';
import { serviceAt } from './support/programs.js';

const Idle = defineCapability({ name: 'Idle', operations: { rest: {} } });
const idle = () => Idle.implement({ rest: () => {} });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** To a broker that takes the connection and says nothing for a minute. */
function silentTransport(broker: MemoryBroker): Transport {
  const driver = memoryDriver(broker);
  return createTransport({
    ...driver,
    open: (events, options) =>
      new Promise((resolve, reject) => {
        setTimeout(() => void driver.open(events, options).then(resolve, reject), 60_000);
        options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true });
      }),
  });
}

test('a shutdown ends a startup that still waits for its broker', async () => {
  const broker = new MemoryBroker();
  const service = serviceAt(broker, [idle()], { brokers: [silentTransport(broker)] });
  const outcomes: string[] = [];
  service.startup().then(
    () => outcomes.push('started'),
    ({ code }: { code?: string }) => outcomes.push(`startup: ${code}`),
  );
  await vi.advanceTimersByTimeAsync(300);
  const ended = service.shutdown();
  void ended.then(() => outcomes.push('shut down'));
  await vi.advanceTimersByTimeAsync(100);
  const soon = [...outcomes].sort();
  await vi.advanceTimersByTimeAsync(120_000);
  await ended;
  expect(soon).toEqual(['shut down', 'startup: DRAINING']);
});

test('untilFinished resolves also when it is asked after the shutdown', async () => {
  const service = serviceAt(new MemoryBroker(), [idle()]);
  await service.startup();
  await service.shutdown();
  const outcome = await service.untilFinished().then(
    () => 'finished',
    ({ code }: { code?: string }) => code,
  );
  expect(outcome).toBe('finished');
});
