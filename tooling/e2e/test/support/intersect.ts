import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../../../packages/cli/dist/bin.js', import.meta.url));

export interface CliRan {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: () => Record<string, unknown>;
}

export interface CliOptions {
  /** A folder for contexts and remembered schemas of its own. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built command line, running as a shell runs it. */
export interface CliProgram extends AsyncDisposable {
  readonly ended: Promise<CliRan>;
  /** Resolves with the first line of standard output that is so; rejects where it ends without one. */
  line(isIt: (line: string) => boolean): Promise<string>;
  /** What Ctrl+C does. Resolves with its end. */
  stop(): Promise<CliRan>;
}

export function startIntersect(args: readonly string[], { home, env = {} }: CliOptions): CliProgram {
  const child = spawn(process.execPath, [bin, ...args], {
    env: {
      PATH: process.env.PATH,
      INTERSECT_CONFIG_HOME: `${home}/config`,
      INTERSECT_CACHE_HOME: `${home}/cache`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([exit]) => {
    const json = () => JSON.parse(stdout) as Record<string, unknown>;
    return { exit: exit as number | null, stdout, stderr, json };
  });
  const stop = () => {
    child.kill('SIGINT');
    return ended;
  };
  const lines = () => stdout.split('\n').slice(0, -1);
  return {
    ended,
    stop,
    async line(isIt) {
      for (;;) {
        const found = lines().find(isIt);
        if (found !== undefined) return found;
        const isOver = await Promise.race([once(child.stdout, 'data'), ended.then(() => 'over' as const)]);
        if (isOver === 'over' && !lines().some(isIt))
          throw new Error(`It ended without it.\n${stdout}\n${stderr}`);
      }
    },
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Runs it to its end. */
export function intersect(args: readonly string[], options: CliOptions): Promise<CliRan> {
  return startIntersect(args, options).ended;
}
