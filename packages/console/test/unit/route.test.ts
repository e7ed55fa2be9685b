import { describe, expect, test } from 'vitest';
import { linkTo, type Route, routeOf } from '../../src/state/route.js';
import { takeToken } from '../../src/state/token.js';

const address = 'lab/ä.hall.room.-.camera';

describe('a link', () => {
  test.each<[Route]>([
    [{ page: 'services', search: 'oven up' }],
    [{ page: 'service', address, tab: 'operations' }],
    [{ page: 'service', address, tab: 'status' }],
    [{ page: 'operation', address, operation: 'Camera.take' }],
    [{ page: 'operation', address, operation: 'Camera.take', saved: 'id' }],
    [{ page: 'timeline', query: {} }],
    [{ page: 'timeline', query: { text: 'a&b=c', state: 'failed' }, entry: 12 }],
    [{ page: 'plots', series: ['a|event|C.e|x[0]', 'b|status|C|'] }],
    [{ page: 'saved' }],
  ])('leads where it was made: %j', (route) => {
    expect(routeOf(linkTo(route))).toEqual(route);
  });

  test.each(['', '#', '#/nowhere', '#/services/%E0%A4%A'])(
    'that names nothing is harmless: %s',
    (fragment) => {
      expect(routeOf(fragment).page).toMatch(/^service/);
    },
  );
});

describe('the token', () => {
  test('is taken out of the address, and found again when the page is loaded again', () => {
    const kept = new Map<string, string>();
    const session = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    expect(takeToken('', session)).toEqual({ token: undefined, fragment: '' });
    expect(takeToken('#token=abc-_1', session)).toEqual({ token: 'abc-_1', fragment: '' });
    expect(takeToken('#token=abc-_1/timeline?text=x', session).fragment).toBe('#/timeline?text=x');
    expect(takeToken('#/plots', session)).toEqual({ token: 'abc-_1', fragment: '#/plots' });
  });
});
