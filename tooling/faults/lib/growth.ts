import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

export interface Growth {
  /** What the heap held after each part of the work, in MiB. */
  readonly heapMiB: readonly number[];
  /** What each thing left behind, from the first look to the last. */
  readonly bytesEach: number;
}

interface Work {
  readonly what: 'schemas' | 'services' | 'clients';
  /** How many between two looks at the heap. */
  readonly between: number;
  readonly all: number;
}

const MIB = 1024 * 1024;

/** What services, clients or compiled schemas leave in a process of their own, which makes and ends so many, one after the other. */
export async function growthOf({ what, between, all }: Work): Promise<Growth> {
  const folder = await mkdtemp(join(tmpdir(), 'intersect-growth-'));
  try {
    const program = join(folder, 'program.mjs');
    await bundle(program);
    const args = ['--expose-gc', program, what, String(between), String(all)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const heap = JSON.parse(stdout) as number[];
    const grown = (heap.at(-1) ?? Number.NaN) - (heap[0] ?? Number.NaN);
    return { heapMiB: heap.map((bytes) => bytes / MIB), bytesEach: grown / (all - between) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The sources in one file, so that no other build is needed and nothing but them is in the heap. */
async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('made-and-ended.mjs', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['intersect-source'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  });
}
