import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Program } from '../../lib/program.mjs';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/run/${name}`, import.meta.url));

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a line is found whether it was written before or after the question', async ({ signal }) => {
  await using talker = new Program(fixture('talker.mjs'), { name: 'talker' });
  const [, pid] = await talker.line(/ready as (\d+)/, signal);
  expect(isRunning(Number(pid))).toBe(true);
  expect((await talker.line(/warming/, signal))[0]).toBe('warming');
  await talker.stop();
  await expect.poll(() => isRunning(Number(pid))).toBe(false);
});

test('a program that ends without the line is reported with what it wrote', async ({ signal }) => {
  await using program = new Program(fixture('missing.mjs'), { name: 'absentee' });
  await expect(program.line(/ready/, signal)).rejects.toThrow(
    /^The absentee ended with exit code 1 before it wrote \/ready\/\.[\s\S]*Cannot find module/,
  );
});

test('a program that never writes the line is given up', async ({ signal }) => {
  await using talker = new Program(fixture('talker.mjs'), { name: 'talker' });
  const patience = new AbortController();
  const waiting = talker.line(/never/, patience.signal);
  await talker.line(/ready/, signal);
  patience.abort();
  await expect(waiting).rejects.toThrow('The talker took too long before it wrote /never/.');
});

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'no program outlives its owner after %s',
  async (signal) => {
    const owner = spawn(process.execPath, [fixture('owner.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    owner.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await expect.poll(() => output).toContain('\n');
    const pid = Number(output);
    expect(isRunning(pid)).toBe(true);
    owner.kill(signal);
    await once(owner, 'exit');
    await expect.poll(() => isRunning(pid)).toBe(false);
  },
);
