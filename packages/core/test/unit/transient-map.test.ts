import { expect, test } from 'vitest';
import { TransientMap } from '../../src/plumbing/transient-map.js';

function mapOf(...entries: readonly (readonly [number, string])[]): TransientMap<number, string> {
  const map = new TransientMap<number, string>();
  for (const [key, value] of entries) map.set(key, value);
  return map;
}

test('holds its values in the order of insertion, also when others left', () => {
  const map = mapOf([3, 'c'], [1, 'a'], [2, 'b']);
  expect(map.delete(1)).toBe(true);
  map.set(1, 'a again');
  expect(map.values()).toEqual(['c', 'b', 'a again']);
  expect(map.size).toBe(3);
});

test('a value that is replaced keeps its place', () => {
  const map = mapOf([1, 'a'], [2, 'b']);
  map.set(1, 'z');
  expect(map.values()).toEqual(['z', 'b']);
  expect(map.get(1)).toBe('z');
});

test('tells whether there was something to delete, once', () => {
  const map = mapOf([1, 'a']);
  expect([map.delete(1), map.delete(1), map.get(1), map.size]).toEqual([true, false, undefined, 0]);
});

test('values that leave while they are looked at harm nothing', () => {
  const map = mapOf([1, 'a'], [2, 'b'], [3, 'c']);
  const seen: string[] = [];
  for (const value of map.values()) {
    seen.push(value);
    map.delete(2);
  }
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(map.values()).toEqual(['a', 'c']);
});

test('gives up everything at once', () => {
  const map = mapOf([2, 'b'], [1, 'a']);
  expect(map.takeAll()).toEqual(['b', 'a']);
  expect([map.size, map.get(2), map.takeAll()]).toEqual([0, undefined, []]);
});
