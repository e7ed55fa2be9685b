// 1 GiB through client, store and service, there and back, against the memory that an empty message takes.
import { describeWithBrokers } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { passageOf } from '../lib/data-memory.js';
import { record } from '../lib/fault-table.js';

const MIB = 1024 * 1024;
const BYTES = 1024 * MIB;
const MOST_BYTES = 100 * MIB;

describeWithBrokers(['rabbitmq', 's3'], (places) => {
  test('1 GiB as a stream takes at most 100 MiB more than an empty message', {
    timeout: 1_800_000,
  }, async () => {
    const empty = await passageOf(0, places);
    const full = await passageOf(BYTES, places);
    expect(full.sent.came).toBe(BYTES);
    expect(full.back).toEqual(full.sent);
    expect(empty.back).toEqual(empty.sent);
    const more = {
      client: full.mostBytes.client - empty.mostBytes.client,
      service: full.mostBytes.service - empty.mostBytes.service,
    };
    expect(more.client).toBeLessThan(MOST_BYTES);
    expect(more.service).toBeLessThan(MOST_BYTES);
    const mib = (bytes: number) => Math.round(bytes / MIB);
    record({
      fault: '1 GiB as a stream to a service that answers with the same stream',
      role: 'client and service',
      protocol: 'AMQP',
      promise: `every byte comes back, and each process takes at most ${mib(MOST_BYTES)} MiB more than with an empty message`,
      counted: `each in a process of its own: client ${mib(full.mostBytes.client)} MiB at most, ${mib(more.client)} MiB more; service ${mib(full.mostBytes.service)} MiB, ${mib(more.service)} MiB more`,
    });
  });
});
