import { expect, test } from 'vitest';
import { growthOf } from '../../lib/growth.js';

// A service once left 19 kB for good, a compiled schema 3 kB. The soak makes 10,000 of each; here as many as show such a leak beside
// what the engine keeps while it gets warm. Compiled patterns are kept up to 200 and then let go, so the looks are multiples of that apart.
test.each([
  { what: 'schemas', between: 400, all: 1_600, mostBytes: 1_000 },
  { what: 'services', between: 200, all: 600, mostBytes: 4_000 },
  { what: 'clients', between: 200, all: 600, mostBytes: 4_000 },
] as const)('$what that are made and ended leave nothing', async ({ mostBytes, ...work }) => {
  const { bytesEach, heapMiB } = await growthOf(work);
  expect(heapMiB).toHaveLength(work.all / work.between);
  expect(bytesEach).toBeLessThan(mostBytes);
});
