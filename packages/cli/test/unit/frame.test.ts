import { ERROR_CODES } from '@intersect-sdk/core';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/frame/commands.js';
import { durationMs } from '../../src/frame/duration.js';
import { EXIT, EXIT_OF_ERROR } from '../../src/outcome/exit-codes.js';
import { printable } from '../../src/outcome/printable.js';
import { run } from '../support/run-in-process.js';

describe('help', () => {
  test('lists every command with what it takes, on standard output', async () => {
    const { exit, stdout, stderr } = await run(['--help']);
    expect(exit).toBe(0);
    expect(stderr).toBe('');
    for (const { name, takes, summary } of COMMANDS) {
      expect(stdout).toContain(`  ${`${name} ${takes}`.trimEnd()} `);
      expect(stdout).toContain(summary);
    }
  });

  test.each(COMMANDS.map(({ name }) => name))('%s says what it takes, and has --json', async (name) => {
    const { exit, stdout } = await run([name, '--help']);
    expect(exit).toBe(0);
    expect(stdout).toContain(`Usage: intersect ${name}`);
    const commands = stdout.split('\nCommands:\n')[1] ?? '';
    const inner = [...commands.matchAll(/^ {2}(?!help)(\w+)/gm)].map(([, word]) => word ?? '');
    for (const each of inner) expect((await run([name, each, '--help'])).stdout).toContain('--json');
    if (inner.length === 0) expect(stdout).toContain('--json');
  });

  test('without a command it is shown as a fault', async () => {
    const { exit, stdout, stderr } = await run([]);
    expect(exit).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: intersect');
  });
});

describe('a word that is wrong', () => {
  test('is told on standard error, with what was meant', async () => {
    const { exit, stdout, stderr } = await run(['cal']);
    expect(exit).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Did you mean call?');
  });

  test('is one object with --json', async () => {
    const ran = await run(['call', 'only-an-address', '--json']);
    expect(ran.exit).toBe(1);
    expect(ran.json()).toEqual({
      error: { code: 'USAGE', message: "missing required argument 'operation'", exitCode: 1 },
    });
  });

  test('a --json after -- is no option', async () => {
    const ran = await run(['call', '--', '--json']);
    expect(ran.exit).toBe(1);
    expect(ran.stdout).toBe('');
  });

  test('a time without a meaning is refused', async () => {
    const { exit, stderr } = await run(['call', 'a', 'b', '--timeout', 'soon']);
    expect(exit).toBe(1);
    expect(stderr).toContain('It must be a time such as 500ms, 30s, 5m or 2h.');
  });
});

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['7', 7_000],
])('the time %s', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['', '0', '-1s', '1d', '1e3', '99999h'])('no time: %j', (text) => {
  expect(() => durationMs(text)).toThrow('It must be a time');
});

test('every code of an error has an exit code, and every exit code but that of success a code', () => {
  expect(Object.keys(EXIT_OF_ERROR).sort()).toEqual(Object.keys(ERROR_CODES).sort());
  const { answered, ...failures } = EXIT;
  expect(new Set(Object.values(EXIT_OF_ERROR))).toEqual(new Set(Object.values(failures)));
  expect(answered).toBe(0);
});

test('colours are for terminals, and for nobody with NO_COLOR', async () => {
  const args = ['context', 'use', 'nowhere'];
  const env = { INTERSECT_CONFIG_HOME: '/nowhere/at/all' };
  expect((await run(args, { env })).stderr).toMatch(/^error: There is no context/);
  expect((await run(args, { env, isTerminal: true })).stderr).toContain(
    '\u001b[31merror:\u001b[39m There is no context',
  );
  expect((await run(args, { env: { ...env, NO_COLOR: '1' }, isTerminal: true })).stderr).toMatch(/^error: /);
});

test('what came from elsewhere cannot move the cursor', () => {
  expect(printable('a\u001b[2Jb\u009bc\td\n')).toBe('a\ufffd[2Jb\ufffdc\td\n');
});
