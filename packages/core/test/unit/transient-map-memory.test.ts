import { expect, test } from 'vitest';
import { TransientMap } from '../../src/plumbing/transient-map.js';
import { collect } from '../support/collect.js';

test('values that left are freed without a full collection', () => {
  const values = 20_000;
  const numbers = 128;
  const map = new TransientMap<number, readonly number[]>();
  collect({ type: 'major' });
  const before = process.memoryUsage().heapUsed;
  for (let key = 0; key < values; key++) {
    map.set(key, new Array<number>(numbers).fill(key));
    map.delete(key - 256);
    if (key % 500 === 0) collect({ type: 'minor' });
  }
  const kept = process.memoryUsage().heapUsed - before;
  // In a `Map` most of them stay.
  expect(kept).toBeLessThan((values * numbers * 8) / 4);
});
