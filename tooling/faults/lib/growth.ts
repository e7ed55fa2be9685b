import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withBundle } from './bundle.js';

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
  return withBundle(fileURLToPath(new URL('made-and-ended.mjs', import.meta.url)), async (program) => {
    const args = ['--expose-gc', program, what, String(between), String(all)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const heap = JSON.parse(stdout) as number[];
    const grown = (heap.at(-1) ?? Number.NaN) - (heap[0] ?? Number.NaN);
    return { heapMiB: heap.map((bytes) => bytes / MIB), bytesEach: grown / (all - between) };
  });
}
