import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BIN } from './probe.js';
import { emptyHome } from './run-in-process.js';

interface ProgramRan {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, running as a shell runs it. */
export interface Program {
  readonly ended: Promise<ProgramRan>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the first line of its standard output; rejects where it ends without one. */
  readonly firstLine: Promise<string>;
}

export function startProgram(
  args: readonly string[],
  env: Record<string, string> = emptyHome(),
  file = BIN,
): Program {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...env, PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  let tellLine: (line: string) => void = () => {};
  const firstLine = new Promise<string>((resolve, reject) => {
    tellLine = resolve;
    child.once('close', () => reject(new Error(`It ended without a line. ${written.stderr}`)));
  });
  firstLine.catch(() => {});
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
    const end = written.stdout.indexOf('\n');
    if (end >= 0) tellLine(written.stdout.slice(0, end));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  const ended = once(child, 'close').then(([exit]) => ({ exit: exit as number | null, ...written }));
  return { ended, firstLine, kill: (signal) => child.kill(signal) };
}
