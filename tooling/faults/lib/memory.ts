import { handles } from './leftovers.js';

export interface Sample {
  readonly heapMiB: number;
  readonly sockets: number;
  readonly timers: number;
}

/** What may be more in the last quarter than in the second: noise of measuring, and caches that fill. */
const BOUND = { heapMiB: 2, sockets: 2, timers: 10 } as const;

const MIB = 1024 * 1024;

/** What this process holds after a collection of garbage. Needs `--expose-gc`. */
export function sample(): Sample {
  if (!globalThis.gc) throw new Error('Memory can only be judged with --expose-gc.');
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  const { sockets, timers } = handles();
  return { heapMiB: (heapUsed + external) / MIB, sockets, timers };
}

export interface Judgement {
  readonly second: Sample;
  readonly last: Sample;
  /** What grew beyond its bound. */
  readonly grown: readonly string[];
}

/** Compares the medians of the second quarter and the last: the first is left out, as it takes time to get warm. */
export function judge(samples: readonly Sample[]): Judgement {
  const quarter = Math.floor(samples.length / 4);
  const second = medians(samples.slice(quarter, 2 * quarter));
  const last = medians(samples.slice(-quarter));
  const kinds = Object.keys(BOUND) as (keyof Sample)[];
  return { second, last, grown: kinds.filter((kind) => last[kind] > second[kind] + BOUND[kind]) };
}

export const boundText = `${BOUND.heapMiB} MiB, ${BOUND.sockets} sockets and ${BOUND.timers} timers`;

function medians(samples: readonly Sample[]): Sample {
  const median = (kind: keyof Sample): number =>
    samples.map((one) => one[kind]).toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
  return { heapMiB: median('heapMiB'), sockets: median('sockets'), timers: median('timers') };
}
