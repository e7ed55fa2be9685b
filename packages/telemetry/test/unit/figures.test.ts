import { expect, test } from 'vitest';
import { DurationFigures, Figures } from '../../src/figures.js';
import { prometheusTextOf } from '../../src/prometheus-text.js';

test('a duration is in each bucket that is long enough for it', () => {
  const durations = new DurationFigures();
  for (const ms of [1, 5, 6, 300, 60_000]) durations.record('Stage.move', ms);
  const [series] = durations.all();
  expect(series).toMatchObject({ name: 'Stage.move', count: 5, sumSeconds: 60.312 });
  expect(series?.buckets).toEqual([2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4]);
});

test('names that another program makes up take no more than a bound of memory, and all is still counted', () => {
  const durations = new DurationFigures();
  for (let number = 0; number < 5_000; number++) {
    durations.record(`Stage.move${number}`, 1);
    durations.record(`Stage.move${number}`, 1, 'handler-failed');
  }
  const all = durations.all();
  expect(all.length).toBeLessThan(1_010);
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  expect(all.some(({ name, count }) => name === 'others' && count > 4_000)).toBe(true);
});

test('the text of a label ends no line and no quotation', () => {
  const figures = new Figures();
  figures.sent.record('a"b\\c\nd', 1);
  figures.reported('event-dropped');
  const text = prometheusTextOf(figures);
  expect(text).toContain('intersect_send_duration_seconds_count{operation="a\\"b\\\\c\\nd"} 1\n');
  expect(text).toContain('intersect_messages_lost_total 1\n');
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{.+\})? -?[\d.e+-]+)$/);
  }
});
