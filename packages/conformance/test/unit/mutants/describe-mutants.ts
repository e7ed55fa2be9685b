import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ConformanceCase, conformanceCases, runCase } from '../../../src/index.js';
import { memoryHarness } from '../memory-harness.js';
import { leftovers, type Mutant } from './wrap.js';

/** What is left of real timers and handlers can't be seen in a time that the test controls. */
const realTime = conformanceCases.filter(({ needs }) => needs.includes('node'));
const anyTime = conformanceCases.filter(({ needs }) => !needs.includes('node'));
const REAL_DEADLINE_MS = 2_000;
/** More than the supervisor gives an orderly end. */
const STALLED_DEADLINE_MS = 8_000;
/** Longer than anything here takes; what polls until then costs real time for each step. */
const DEADLINE_MS = 200;

// Taken before any test has fake timers.
const { setImmediate: inTurn } = globalThis;
/** More than what waits for no timer takes. How many there are in a time would depend on the machine. */
const TURNS = 20;

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => void inTurn(resolve));
}

/** Ids of the cases that the mutant fails. Deadlines pass at once, since time passes only when nothing else can happen. */
async function failuresOf({ wrapping }: Mutant, signal: AbortSignal): Promise<string[]> {
  const isOffered = ({ needs }: ConformanceCase): boolean =>
    wrapping.stalls === true || !needs.includes('stall');
  const failed: string[] = [];
  const run = async (one: ConformanceCase, deadlineMs: number): Promise<void> => {
    const harness = { ...memoryHarness({ stalls: false, ...wrapping }), deadlineMs, effort: 0.1 };
    const result = await runCase(one, harness);
    await harness.stop?.();
    if (result.status !== 'passed') failed.push(result.id);
  };
  vi.useFakeTimers();
  let running = true;
  const all = Promise.all(anyTime.filter(isOffered).map((one) => run(one, DEADLINE_MS))).finally(() => {
    running = false;
  });
  while (running) {
    signal.throwIfAborted();
    await turns();
    await vi.advanceTimersToNextTimerAsync();
  }
  await all;
  vi.useRealTimers();
  for (const one of realTime.filter(isOffered)) {
    await run(one, one.needs.includes('stall') ? STALLED_DEADLINE_MS : REAL_DEADLINE_MS);
    for (const end of leftovers.splice(0)) end();
  }
  const order = conformanceCases.map(({ id }) => id);
  return failed.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

export function describeMutants(mutants: readonly Mutant[]): void {
  describe('a transport that', () => {
    afterEach(() => {
      vi.useRealTimers();
      for (const end of leftovers.splice(0)) end();
    });

    it.for(mutants.map((mutant) => [mutant.fault, mutant] as const))('%s', async ([, mutant], { signal }) => {
      expect(await failuresOf(mutant, signal)).toEqual(mutant.fails);
    });
  });
}
