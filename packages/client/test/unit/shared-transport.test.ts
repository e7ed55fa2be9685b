import { IntersectClient } from '@intersect-sdk/client';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { describe, expect, test } from 'vitest';
import { ADDRESS, echo, FakeService } from './fake-service.js';

/** Two clients that were given the same transport object; the first one is started. */
async function startFirst() {
  const broker = new MemoryBroker();
  const shared = memoryTransport(broker, { name: 'shared' });
  const service = await FakeService.start(broker, { 'Fake.echo': echo });
  const first = new IntersectClient({ brokers: [shared] });
  const second = new IntersectClient({ brokers: [shared] });
  await first.startup();
  const end = async () => {
    await Promise.all([first.shutdown(), second.shutdown()]);
    await service[Symbol.asyncDispose]();
  };
  return { first, second, [Symbol.asyncDispose]: end };
}

describe('a transport that another client uses', () => {
  test('is refused at startup, with what to do', async () => {
    await using clients = await startFirst();
    const outcome = await clients.second.startup().then(
      () => 'started',
      (error: Error) => error.message,
    );
    expect(outcome).toMatch(/of its own|fresh\(\)/);
  });

  test('stays with its client when the other one ends', async () => {
    await using clients = await startFirst();
    await clients.second.startup().catch(() => {});
    await clients.second.shutdown();
    const answer = await clients.first
      .request({ destination: ADDRESS, operation: 'Fake.echo', payload: 'still here' })
      .catch(({ code }: { code?: string }) => code);
    expect(answer).toBe('still here');
  });
});
