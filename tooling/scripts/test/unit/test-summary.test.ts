import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bin } from '../../lib/root.mjs';
import { closingLine, describeSkips, skipsWithoutReason } from '../../lib/test-summary.mjs';

const fixtures = fileURLToPath(new URL('../fixtures/skips', import.meta.url));

/** Runs the fixture's tests with the reporter, and gives what is printed after vitest's own report. */
function report(name: string, args: string[] = []): Promise<{ code: number; lines: string[] }> {
  const env = { ...process.env, CASE: name, INTERSECT_TEST_SUMMARY: '', NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(`${bin}/vitest`, ['run', '--root', fixtures, ...args], { env }, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), lines: stdout.trimEnd().split('\n') });
    });
  });
}

describe('the summary of a test run', () => {
  test('counts tests and groups the skipped ones by reason', async () => {
    const { code, lines } = await report('mixed');
    expect(code).toBe(1);
    expect(lines.slice(lines.indexOf('Skipped:'))).toEqual([
      'Skipped:',
      '  2 × RabbitMQ: it rains',
      '  1 × there is no moon tonight',
      '  1 × no reason given',
      '',
      '1 passed, 1 failed, 4 skipped',
    ]);
  });

  test('does not call tests unexplained that a name filter left out', async () => {
    const { code, lines } = await report('mixed', ['-t', 'passes']);
    expect(code).toBe(0);
    expect(lines.join('\n')).not.toContain('no reason given');
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 5 skipped');
  });

  test('counts a hook that throws as a failure', async () => {
    const { code, lines } = await report('hook');
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 1 skipped');
  });

  test('counts a file that cannot be loaded as a failure', async () => {
    const { code, lines } = await report('broken');
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  });

  test('counts an unhandled rejection as a failure', async () => {
    const { code, lines } = await report('unhandled');
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  });
});

test('the closing line is the same whatever the counts are', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 3, skips: [] })).toBe(
    '12 passed, 0 failed, 3 skipped',
  );
});

test('nothing is said about skips where there were none', () => {
  expect(describeSkips({ passed: 1, failed: 0, skipped: 0, skips: [] })).toBe('');
  expect(skipsWithoutReason({ passed: 1, failed: 0, skipped: 0, skips: [] })).toBe(0);
});
