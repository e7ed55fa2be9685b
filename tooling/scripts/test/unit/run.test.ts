import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '../../lib/run.mjs';

const parent = fileURLToPath(new URL('../fixtures/run/parent.mjs', import.meta.url));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the command and everything it started', async (signal, code) => {
  const child = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await expect.poll(() => output).toContain('\n');
  const grandchild = Number(output);
  expect(isRunning(grandchild)).toBe(true);
  child.kill(signal);
  expect(await once(child, 'close')).toEqual([code, null]);
  await expect.poll(() => isRunning(grandchild)).toBe(false);
  expect(output).not.toContain('not interrupted');
});

// At SIGINT npm waits for what it started, so there is nothing to notice and nothing is left behind.
test.each(['SIGTERM', 'SIGKILL'] as const)('%s for npm alone ends what it started', async (signal) => {
  const npm = spawn('npm', ['run', '--silent', 'go'], {
    cwd: dirname(parent),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  npm.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await expect.poll(() => output).toContain('\n');
  const grandchild = Number(output);
  expect(isRunning(grandchild)).toBe(true);
  npm.kill(signal);
  await expect.poll(() => isRunning(grandchild)).toBe(false);
});

test('gives the exit code and the output of a command', async () => {
  const script = 'console.log("out"); console.error("err"); process.exitCode = 3';
  expect(await run(process.execPath, ['-e', script], { capture: true })).toEqual({
    code: 3,
    output: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
  });
});

test('a command that is not there ends with 127', async () => {
  const { code, output } = await run('no-such-command-here', [], { capture: true });
  expect(code).toBe(127);
  expect(output).toContain('no-such-command-here');
});
