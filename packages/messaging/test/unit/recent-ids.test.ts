import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentIds } from '../../src/events/recent-ids.js';

test('knows an id that came before', () => {
  const ids = new RecentIds(10);
  expect([ids.add('a'), ids.add('b'), ids.add('a')]).toEqual([true, true, false]);
});

test('forgets the oldest one when there are too many, not the newest', () => {
  const ids = new RecentIds(2);
  for (const id of ['a', 'b', 'c']) ids.add(id);
  expect([ids.add('b'), ids.add('c'), ids.add('a')]).toEqual([false, false, true]);
});

test('remembers exactly the last ones, whatever comes', () => {
  const ids = fc.array(fc.integer({ min: 0, max: 8 }).map(String));
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 5 }), (sequence, capacity) => {
      const recent = new RecentIds(capacity);
      let remembered: string[] = [];
      for (const id of sequence) {
        const isNew = !remembered.includes(id);
        expect(recent.add(id)).toBe(isNew);
        if (isNew) remembered = [...remembered, id].slice(-capacity);
      }
    }),
  );
});
