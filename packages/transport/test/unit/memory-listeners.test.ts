// Listeners to one channel over the in-memory broker: each has what a broker across the network would keep for it.
import { expect, it, vi } from 'vitest';
import { MemoryBroker, memoryTransport } from '../../src/memory.js';
import { message, ticks, useFakeTimers } from './set-up.js';

useFakeTimers();

const KEEP_MS = 60_000;

async function listener(broker: MemoryBroker, address: string, channel = 'org/events/tick') {
  const transport = memoryTransport(broker);
  await transport.connect();
  const heard: string[] = [];
  const hear = ({ payload }: { readonly payload: Uint8Array }) =>
    void heard.push(new TextDecoder().decode(payload));
  const options = { retention: 'durable', listener: { address, keepForMs: KEEP_MS } } as const;
  const subscription = await transport.subscribe(channel, hear, options);
  return { transport, heard, subscription };
}

it.each(['org/events/tick', 'org/events/*'])('each hears every message on %s', async (channel) => {
  const broker = new MemoryBroker();
  const all = [await listener(broker, 'first', channel), await listener(broker, 'second', channel)];
  for (const text of ['1', '2', '3']) await all[0]?.transport.publish(message('org/events/tick', text));
  await ticks();
  expect(all.map(({ heard }) => heard)).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
  ]);
  for (const { transport } of all) await transport.close();
  await vi.advanceTimersByTimeAsync(KEEP_MS);
});

it('one that is away finds what came meanwhile, and nothing is left when it stays away', async () => {
  const broker = new MemoryBroker();
  const sender = memoryTransport(broker);
  await sender.connect();
  const first = await listener(broker, 'first');
  await first.transport.close();
  await sender.publish(message('org/events/tick', 'meanwhile'));
  await vi.advanceTimersByTimeAsync(KEEP_MS - 1);
  const again = await listener(broker, 'first');
  await ticks();
  expect(again.heard).toEqual(['meanwhile']);
  await vi.advanceTimersByTimeAsync(2 * KEEP_MS);
  expect(broker.queueCount).toBe(1);
  await again.subscription.unsubscribe();
  await vi.advanceTimersByTimeAsync(KEEP_MS);
  expect(broker.queueCount).toBe(0);
  await again.transport.close();
  await sender.close();
});

it('refuses a listener that cannot be meant, with every problem', async () => {
  const transport = memoryTransport(new MemoryBroker());
  await transport.connect();
  const options = { retention: 'durable', listener: { address: '', keepFor: 1 } } as never;
  const refused = await transport.subscribe('a', () => {}, options).catch((error: unknown) => error);
  const { issues } = refused as { issues: { path: string }[] };
  expect(issues.map(({ path }) => path).sort()).toEqual([
    'listener.address',
    'listener.keepFor',
    'listener.keepForMs',
  ]);
  await transport.close();
});
