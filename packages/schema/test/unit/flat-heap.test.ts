import { expect, test } from 'vitest';
import { compileCheck } from '../../src/index.js';
import { collect } from '../support/collect.js';

const WARM_UP = 100;
const TIMES = 1000;
// What one schema leaves where its engine is kept: 3,000 bytes and more.
const MOST_BYTES_EACH = 500;

test('of checks that are gone nothing is left', () => {
  const before = { bytes: 0 };
  for (let number = 0; number < WARM_UP + TIMES; number++) {
    if (number === WARM_UP) before.bytes = usedBytes();
    const properties = { [`field${number}`]: { type: 'string', pattern: `^${number}[a-z]+$` } };
    const check = compileCheck({ type: 'object', properties, anyOf: [{ minProperties: 1 }] });
    if (!check({ [`field${number}`]: `${number}a` }).ok) throw new Error('it fits');
  }
  expect((usedBytes() - before.bytes) / TIMES).toBeLessThan(MOST_BYTES_EACH);
});

function usedBytes(): number {
  collect({ type: 'major' });
  collect({ type: 'major' });
  return process.memoryUsage().heapUsed;
}
