import type { Couple } from './couple.js';

/** So many of a couple may wait: a machine that can't keep up gets less load, not an endless queue. */
const MOST_WAITING = 200;

export interface LoadOptions {
  readonly requestsPerSecond: number;
  readonly eventsPerSecond?: number;
  /** How many requests of a couple may wait at most. */
  readonly mostWaiting?: number;
}

/** Asks at an even pace while `during` runs. Resolves when every request has ended too, with what `during` gave. */
export async function underLoad<T>(
  couples: readonly Couple[],
  { requestsPerSecond, eventsPerSecond = 0, mostWaiting = MOST_WAITING }: LoadOptions,
  during: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const asked: Promise<void>[] = [];
  let sent = 0;
  let ticked = 0;
  const timer = setInterval(() => {
    const seconds = (performance.now() - started) / 1000;
    // A timer that comes late makes up for it.
    for (const due = Math.floor(seconds * requestsPerSecond); sent < due; sent++) {
      for (const couple of couples) if (couple.waiting < mostWaiting) asked.push(couple.ask());
    }
    for (const due = Math.floor(seconds * eventsPerSecond); ticked < due; ticked++) {
      for (const couple of couples) couple.tick();
    }
  }, 5);
  try {
    return await during();
  } finally {
    clearInterval(timer);
    await Promise.all(asked);
    await Promise.all(couples.map((couple) => couple.ticksSent()));
  }
}
