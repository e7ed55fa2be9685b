import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberAt, numericPathsOf, pathText, readPath } from '../../src/state/plots/numeric-paths.js';
import { csvOf, joined, SeriesBuffer } from '../../src/state/plots/series-buffer.js';
import { readSeries, seriesText } from '../../src/state/plots/series-name.js';

describe('numeric paths', () => {
  test('lead to every number of a value', () => {
    const value = { a: 1, b: [2, { 'odd name': 3n }], c: 'text', d: null, e: true };
    expect(numericPathsOf(value)).toEqual(['a', 'b[0]', 'b[1]["odd name"]']);
    expect(numberAt(value, readPath('b[1]["odd name"]') ?? [])).toBe(3);
    expect(numericPathsOf(7)).toEqual(['']);
    expect(numberAt({ a: {} }, readPath('a.b.c') ?? [])).toBeUndefined();
  });

  test('are read as they were written, whatever the names', () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.nat({ max: 999 })));
    fc.assert(
      fc.property(parts, (way) => {
        expect(readPath(pathText(way))).toEqual(way);
      }),
    );
  });

  test('of no such form are none', () => {
    for (const text of ['a..b', '[', '[-1]', '["a]', ' ']) expect(readPath(text)).toBeUndefined();
  });
});

describe('a series', () => {
  test('has the newest points of its window', () => {
    const buffer = new SeriesBuffer(3);
    for (let x = 0; x < 20; x++) buffer.add(x, x * 10);
    expect([...buffer.xs]).toEqual([17, 18, 19]);
    expect([...buffer.ys]).toEqual([170, 180, 190]);
    expect(buffer.forgotten).toBe(17);
  });

  test('is named in a link, also with bars in its path', () => {
    const series = { address: 'a.b.c.-.d', kind: 'event', name: 'C.e', path: '["x|y"]' } as const;
    expect(readSeries(seriesText(series))).toEqual(series);
    expect(readSeries('nothing')).toBeUndefined();
  });

  test('is a table with the others', () => {
    const at = (xs: number[], ys: number[]) => ({ xs: Float64Array.from(xs), ys: Float64Array.from(ys) });
    const rows = joined([at([1, 2], [10, 20]), at([2, 3], [5, 6])]);
    expect(csvOf(['a', 'b, "c"'], rows)).toBe(
      'time,a,"b, ""c"""\n1970-01-01T00:00:01.000Z,10,\n1970-01-01T00:00:02.000Z,20,5\n1970-01-01T00:00:03.000Z,,6\n',
    );
  });
});
