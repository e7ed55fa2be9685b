import { expect, test } from 'vitest';
import { requestChannel } from '../../src/index.js';
import { channelProblem } from '../../src/internal.js';
import { collect } from '../support/collect.js';

test('of channels and addresses of unreasonable length nothing is kept', () => {
  const times = 200;
  const characters = 100_000;
  collect({ type: 'major' });
  const before = process.memoryUsage().heapUsed;
  for (let number = 0; number < times; number++) {
    const long = `${number}`.padEnd(characters, 'a');
    channelProblem(long);
    requestChannel(long);
  }
  collect({ type: 'major' });
  const kept = process.memoryUsage().heapUsed - before;
  expect(kept).toBeLessThan((times * characters) / 4);
});
