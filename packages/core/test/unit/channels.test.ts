import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  channelMatches,
  eventChannel,
  lifecycleChannel,
  queueNameOf,
  requestChannel,
  responseChannel,
} from '../../src/index.js';
import { channelProblem, isWildcardChannel } from '../../src/internal.js';

const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/);
const words = fc.array(word, { minLength: 1, maxLength: 6 });

/** The same rule by another way: as a regular expression. */
function matchesByRegExp(pattern: string, channel: string): boolean {
  const source = pattern.replaceAll('*', '[^/]+').replace(/^#$/, '.*').replace(/\/#$/, '(/.*)?');
  return new RegExp(`^${source}$`).test(channel);
}

describe('channels of an address', () => {
  test.each([
    ['org.fac.sys.-.svc', 'org/fac/sys/-/svc'],
    ['sys.orchestrator', 'sys/orchestrator'],
  ])('those of %s stand under %s', (address, base) => {
    expect(requestChannel(address)).toBe(`${base}/request`);
    expect(responseChannel(address)).toBe(`${base}/response`);
    expect(lifecycleChannel(address)).toBe(`${base}/lifecycle`);
    expect(eventChannel(address, 'Echo', 'ticked')).toBe(`${base}/events/Echo/ticked`);
    expect(eventChannel(address, 'Echo', '*')).toBe(`${base}/events/Echo/*`);
  });
});

describe('matching', () => {
  test.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/c', false],
    ['a/b', 'a/b/c', false],
    ['a/b/c', 'a/b', false],
    ['a/*', 'a/b', true],
    ['a/*', 'a', false],
    ['a/*', 'a/b/c', false],
    ['*/b', 'a/b', true],
    ['*/*', 'a/b', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['a/#', 'ab', false],
    ['a/*/#', 'a/b', true],
    ['a/*/#', 'a', false],
    ['#', 'a/b', true],
    ['a/b*', 'a/bc', false],
  ])('%s takes %s: %s', (pattern, channel, expected) => {
    expect(channelMatches(pattern, channel)).toBe(expected);
  });

  test('it agrees with a regular expression for every pattern', () => {
    const patterns = fc
      .tuple(fc.array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 5 }), fc.boolean())
      .map(([parts, open]) => [...parts, ...(open ? ['#'] : [])]);
    const related = patterns.chain((pattern) =>
      fc.tuple(
        fc.constant(pattern.join('/')),
        fc.oneof(
          words.map((parts) => parts.join('/')),
          // Channels made from the pattern, so that matches are common.
          fc
            .tuple(
              ...pattern.map((part) =>
                part === '*' ? word : part === '#' ? fc.oneof(word, fc.constant('')) : fc.constant(part),
              ),
            )
            .map((parts) => parts.filter((part) => part !== '').join('/')),
        ),
      ),
    );
    fc.assert(
      fc.property(related, ([pattern, channel]) => {
        expect(channelMatches(pattern, channel)).toBe(matchesByRegExp(pattern, channel));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('channels to subscribe to', () => {
  test.each(['a', 'a/b', 'Under_score/-/x', '*', '#', 'a/*/b', 'a/*/#'])('%s is valid', (pattern) => {
    expect(channelProblem(pattern)).toBeUndefined();
  });

  test.each(['', '/a', 'a/', 'a//b', '#/a', 'a/#/b', 'a/b#', 'a*', 'a.b', 'a b', 'a/\u00e9', 'a+', 'a\n'])(
    '%j is not',
    (pattern) => {
      expect(channelProblem(pattern)).toMatch(/^m(ust|ay) /);
    },
  );

  test('only patterns are wildcards', () => {
    expect(['a/b', 'a/*', 'a/#'].map(isWildcardChannel)).toEqual([false, true, true]);
  });
});

test('the name of a queue is the lower-case sha384 of the channel', () => {
  expect(queueNameOf('org/fac/sys/sub/svc/request')).toBe(
    'ad62390e74f5e2bf64ecf40e475e9d5f8ebd05adda5dc8925f53526eb8822fed7d94f6be9f9d2e92cdd7a9d0b180e31e',
  );
});
