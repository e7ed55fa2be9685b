import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIntersect } from '../../src/frame/run.js';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Whether a person looks at standard output and standard error. */
  readonly isTerminal?: boolean;
  /** Told of each piece of data as it is written. */
  readonly onData?: (text: string) => void;
}

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON object that it is. */
  readonly json: () => Record<string, unknown>;
}

/** An environment without contexts and without remembered schemas. */
export function emptyHome(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'intersect-cli-'));
  return { INTERSECT_CONFIG_HOME: join(folder, 'config'), INTERSECT_CACHE_HOME: join(folder, 'cache') };
}

/** Runs the program within this process, on the sources. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const {
    env = emptyHome(),
    stdin = '',
    signal = new AbortController().signal,
    isTerminal = false,
  } = options;
  const written = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const sink = (to: Uint8Array[], tell?: (text: string) => void) => ({
    isTerminal,
    write(data: string | Uint8Array) {
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
      to.push(bytes);
      tell?.(new TextDecoder().decode(bytes));
    },
  });
  const exit = await runIntersect(args, {
    stdin: (async function* () {
      yield typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin;
    })(),
    stdout: sink(written.stdout, options.onData),
    stderr: sink(written.stderr),
    env,
    signal,
  });
  const textOf = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString();
  const stdout = textOf(written.stdout);
  return {
    exit,
    stdout,
    stderr: textOf(written.stderr),
    json: () => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      if (lines.length !== 1) throw new Error(`Not one line but ${lines.length}:\n${stdout}`);
      return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    },
  };
}
