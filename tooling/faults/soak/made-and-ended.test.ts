// Services, clients and compiled schemas, made and ended one after the other: 10,000 of each in ten minutes of soak.
import { expect, test } from 'vitest';
import { record } from '../lib/fault-table.js';
import { growthOf } from '../lib/growth.js';

const SECONDS = Number(process.env.INTERSECT_SOAK_SECONDS ?? 600);
const PARTS = 5;
/** Compiled patterns are kept up to 200 and then let go, so the heap is looked at where that is at the same place. */
const PERIOD = 200;
const all = Math.max(1, Math.round((10_000 * SECONDS) / 600 / (PARTS * PERIOD))) * PARTS * PERIOD;

test.each([
  { what: 'schemas', name: 'compiled schemas', mostBytes: 1_000 },
  { what: 'services', name: 'services', mostBytes: 2_000 },
  { what: 'clients', name: 'clients', mostBytes: 2_000 },
] as const)(`${all} $name, made and ended`, { timeout: 1_800_000 }, async ({ what, name, mostBytes }) => {
  const { heapMiB, bytesEach } = await growthOf({ what, between: all / PARTS, all });
  expect(heapMiB).toHaveLength(PARTS);
  expect(bytesEach).toBeLessThan(mostBytes);
  record({
    fault: `${all} ${name}, made and ended one after the other`,
    role: what === 'clients' ? 'client' : 'service',
    protocol: 'MQTT and AMQP',
    promise: `each leaves less than ${mostBytes} bytes`,
    counted: `in a process of their own, in the memory transport: heap ${heapMiB.map((mib) => mib.toFixed(1)).join(', ')} MiB after each fifth; ${Math.round(bytesEach)} bytes each`,
  });
});
