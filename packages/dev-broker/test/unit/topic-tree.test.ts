import { expect, test } from 'vitest';
import { TopicTree } from '../../src/broker/topic-tree.js';
import { isValidTopicFilter, isValidTopicName } from '../../src/packets/topics.js';
import { filterMatches } from '../support/filter-matches.js';
import { seededRandom } from '../support/seeded-random.js';

test('the tree finds exactly the filters that match, before and after removals', () => {
  const random = seededRandom(7);
  const pick = (levels: readonly string[]): string =>
    Array.from({ length: 1 + random(4) }, () => levels[random(levels.length)]).join('/');
  const filters = new Set<string>();
  while (filters.size < 300) {
    const filter = pick(['a', 'b', 'c', '', '+', '#', '$x']);
    if (isValidTopicFilter(filter)) filters.add(filter);
  }
  const tree = new TopicTree<string>();
  for (const filter of filters) tree.add(filter, filter);
  const check = (): number => {
    let hits = 0;
    for (let round = 0; round < 500; round++) {
      const topic = pick(['a', 'b', 'c', '', '$x']);
      if (!isValidTopicName(topic)) continue;
      const found: string[] = [];
      tree.match(topic, (filter) => found.push(filter));
      const expected = [...filters].filter((filter) => filterMatches(filter, topic));
      expect(found.sort()).toEqual(expected.sort());
      hits += found.length;
    }
    return hits;
  };
  expect(check()).toBeGreaterThan(1000);
  for (const filter of [...filters].slice(0, 200)) {
    tree.remove(filter, filter);
    filters.delete(filter);
  }
  expect(check()).toBeGreaterThan(100);
});

test('one filter holds several values, and removing what is not there changes nothing', () => {
  const tree = new TopicTree<number>();
  tree.add('a/+', 1);
  tree.add('a/+', 2);
  tree.remove('a/+', 3);
  tree.remove('a/b', 1);
  tree.remove('a/+', 1);
  const found: number[] = [];
  tree.match('a/b', (value) => found.push(value));
  expect(found).toEqual([2]);
});
