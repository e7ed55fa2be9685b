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

/** Runs the built command line as a shell does, with contexts and remembered schemas of its own in the folder `home`. */
export async function intersect(
  args: readonly string[],
  { home }: { readonly home: string },
): Promise<CliRan> {
  const child = spawn(process.execPath, [bin, ...args], {
    env: {
      PATH: process.env.PATH,
      INTERSECT_CONFIG_HOME: `${home}/config`,
      INTERSECT_CACHE_HOME: `${home}/cache`,
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
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> };
}
