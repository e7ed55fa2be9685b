// Handlers that give items without waiting for anything leave the event loop to others, on a broker in memory.
import { IntersectClient } from '@intersect-sdk/client';
import { defineCapability, IntersectService, Stream, Type } from '@intersect-sdk/service';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, test } from 'vitest';

const Counter = defineCapability({
  name: 'Counter',
  operations: { count: { request: Type.Integer({ title: 'to' }), response: Stream(Type.Integer()) } },
});
const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'counter' };

test('the items of a stream that go into one answer leave others their turns', async () => {
  const broker = new MemoryBroker();
  let turns = 0;
  let isGiving = false;
  const turn = (): void => {
    turns += 1;
    if (isGiving) setImmediate(turn);
  };
  const counter = Counter.implement({
    *count(to) {
      isGiving = true;
      setImmediate(turn);
      for (let n = 0; n < to; n++) yield n;
      isGiving = false;
    },
  });
  const service = new IntersectService([counter], { hierarchy, brokers: [memoryTransport(broker)] });
  const client = new IntersectClient({ brokers: [memoryTransport(broker)] });
  await service.startup();
  await client.startup();
  const list = await client.request({
    destination: 'org.fac.sys.-.counter',
    operation: 'Counter.count',
    payload: 1_000,
  });
  expect(list).toHaveLength(1_000);
  expect(turns).toBeGreaterThan(10);
  await client.shutdown();
  await service.shutdown();
});
