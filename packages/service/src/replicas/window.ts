import type { CompiledOperation } from '../compile/compiled.js';
import type { Semaphore } from '../serve/limits/semaphore.js';

/** How many requests of these operations can be at work at once: what an instance takes, and leaves the rest to the others. */
export function atWorkAtOnce(operations: Iterable<CompiledOperation>, concurrency: number): number {
  const places = new Set<Semaphore>();
  let unlimited = 0;
  for (const { isStatus, shared, slots } of operations) {
    const limit = shared ?? slots;
    if (limit) places.add(limit);
    else if (!isStatus) unlimited = concurrency;
  }
  const limited = [...places].reduce((sum, { limit }) => sum + limit, 0);
  return Math.max(1, Math.min(concurrency, limited + unlimited));
}
