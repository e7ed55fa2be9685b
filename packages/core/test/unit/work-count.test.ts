import { expect, test } from 'vitest';
import { WorkCount } from '../../src/internal.js';

test('tells everybody who waits, once, when the last one left', async () => {
  const work = new WorkCount();
  await work.idle();
  work.enter();
  work.enter();
  let told = 0;
  const waits = [work.idle(), work.idle()].map((idle) => idle.then(() => (told += 1)));
  work.leave();
  await Promise.resolve();
  expect([work.count, told]).toEqual([1, 0]);
  work.leave();
  await Promise.all(waits);
  expect([work.count, told]).toEqual([0, 2]);
  work.enter();
  work.leave();
  expect(told).toBe(2);
});
