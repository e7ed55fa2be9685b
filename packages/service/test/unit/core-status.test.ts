import { CORE_STATUS_SCHEMA, compileCheck } from '@intersect-sdk/schema';
import { describe, expect, it } from 'vitest';
import { CoreStatusReader, isoDuration } from '../../src/status/core-status.js';

describe('the core status', () => {
  it('fits its schema at the first reading and at later ones', async () => {
    const reader = new CoreStatusReader();
    const check = compileCheck(CORE_STATUS_SCHEMA);
    for (const _reading of [1, 2, 3]) expect(check(await reader.read())).toMatchObject({ ok: true });
  });

  it('sees the work of this process', async () => {
    const reader = new CoreStatusReader();
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user < 100_000) Math.sqrt(before.user);
    expect((await reader.read()).service_cpu_percentage).toBeGreaterThan(0);
  });
});

describe('a duration', () => {
  it.each([
    [0, 'PT0S'],
    [6.618566, 'PT6.618566S'],
    [60, 'PT1M'],
    [3_661.5, 'PT1H1M1.5S'],
    [86_400, 'P1D'],
    [97_445.25, 'P1DT3H4M5.25S'],
    [59.999_999_9, 'PT1M'],
  ])('of %d s is %s', (seconds, expected) => {
    expect(isoDuration(seconds)).toBe(expected);
  });
});
