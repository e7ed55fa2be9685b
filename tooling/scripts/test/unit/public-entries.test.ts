import { expect, test } from 'vitest';
import { publicEntries } from '../../lib/public-entries.mjs';

test('every entry with a source is public, but for those of siblings', () => {
  const exports = {
    '.': { 'intersect-source': './src/index.ts', import: './dist/index.js' },
    './memory': { browser: { 'intersect-source': './src/b.ts' }, 'intersect-source': './src/memory.ts' },
    './internal': { 'intersect-source': './src/internal.ts' },
    './memory/internal': { 'intersect-source': './src/memory-internal.ts' },
    './package.json': './package.json',
  };
  expect(publicEntries('transport', exports)).toEqual([
    { name: 'transport', source: 'packages/transport/src/index.ts' },
    { name: 'transport/memory', source: 'packages/transport/src/memory.ts' },
  ]);
});
