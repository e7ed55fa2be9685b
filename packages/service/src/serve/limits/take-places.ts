import type { CompiledOperation } from '../../compile/compiled.js';
import type { Cancellation, Semaphore } from './semaphore.js';

/**
 * One place in each limit of an operation. Undefined when there was one at once, as there mostly is, and nothing is to be waited for.
 * Rejects with the reason when it is cancelled while it waits, and then no place is taken.
 */
export function takePlaces(
  { isStatus, slots: own, shared }: CompiledOperation,
  all: Semaphore,
  cancellation: Cancellation | undefined,
): Promise<void> | undefined {
  if (isStatus) return undefined;
  // The service's at last: who waits for a busy capability takes no place from the others.
  const limits = [own, shared, all];
  for (const [index, limit] of limits.entries()) {
    const entered = limit?.enter(cancellation);
    if (entered !== undefined) return takeRest(entered, { limits, index, cancellation });
  }
  return undefined;
}

interface Line {
  readonly limits: readonly (Semaphore | undefined)[];
  /** Of the one that is waited for. */
  readonly index: number;
  readonly cancellation: Cancellation | undefined;
}

async function takeRest(entering: Promise<void>, { limits, index, cancellation }: Line): Promise<void> {
  const taken = limits.slice(0, index);
  try {
    await entering;
    taken.push(limits[index]);
    for (const limit of limits.slice(index + 1)) {
      await limit?.enter(cancellation);
      taken.push(limit);
    }
  } catch (error) {
    for (const limit of taken) limit?.leave();
    throw error;
  }
}
