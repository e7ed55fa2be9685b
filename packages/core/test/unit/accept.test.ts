import { ACCEPT_HEADER, acceptHeaderOf, acceptsOf } from '@intersect-sdk/core/internal';
import { describe, expect, test } from 'vitest';

describe('what an asker says that it understands', () => {
  test.each([
    ['parts,stream,busy', { parts: true, stream: true, busy: true }],
    [' busy , parts ', { parts: true, stream: false, busy: true }],
    ['credit,busy', { parts: false, stream: false, busy: true }],
    ['', { parts: false, stream: false, busy: false }],
    ['busyness', { parts: false, stream: false, busy: false }],
  ])('is read of %j', (value, accepted) => {
    expect(acceptsOf({ [ACCEPT_HEADER]: value })).toEqual(accepted);
  });

  test('is nothing where it says nothing, also with a header that is no own one', () => {
    const inherited = Object.create({ [ACCEPT_HEADER]: 'busy' }) as Record<string, string>;
    expect(acceptsOf({})).toEqual({ parts: false, stream: false, busy: false });
    expect(acceptsOf(inherited).busy).toBe(false);
  });

  test('is written as it is read', () => {
    expect(acceptHeaderOf({})).toBeUndefined();
    expect(acceptHeaderOf({ busy: true, parts: true })).toBe('parts,busy');
    expect(acceptsOf({ [ACCEPT_HEADER]: 'parts,busy' })).toEqual({ parts: true, stream: false, busy: true });
  });
});
