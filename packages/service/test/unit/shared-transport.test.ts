import { shareTransport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { expect, it } from 'vitest';
import { IntersectService } from '../../src/index.js';
import { HIERARCHY } from './support/asker.js';
import { work } from './support/work.js';

function serviceWith(name: string, transport: ReturnType<typeof memoryTransport>): IntersectService {
  return new IntersectService([work().capability], {
    hierarchy: { ...HIERARCHY, service: name },
    brokers: [transport],
  });
}

it('a transport that was shared is given to several services, which start and end each on their own', async () => {
  const shared = shareTransport(memoryTransport(new MemoryBroker()));
  const one = serviceWith('svc-one', shared);
  const two = serviceWith('svc-two', shared);
  await one.startup();
  await two.startup();
  const ask = (destination: string) => ({ destination, operation: 'Work.quick', payload: 7 });
  expect((await one.call(ask(two.address))).payload).toBe(7);
  await one.shutdown();
  expect([one.health().state, two.health().state]).toEqual(['stopped', 'running']);
  await one.startup();
  expect((await two.call(ask(one.address))).payload).toBe(7);
  await one.shutdown();
  await two.shutdown();
});

it('one that was not shared is refused the second time, with the function that shares it', async () => {
  const transport = memoryTransport(new MemoryBroker());
  const one = serviceWith('svc-one', transport);
  const two = serviceWith('svc-two', transport);
  await one.startup();
  await expect(two.startup()).rejects.toMatchObject({
    code: 'IN_USE',
    message: expect.stringContaining('shareTransport(transport)'),
  });
  await one.shutdown();
});
