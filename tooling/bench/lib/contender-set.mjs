/**
 * Uses contenders and stops them, however the use ends.
 *
 * @template {{ stop: () => Promise<void> }} C
 * @template T
 * @param {readonly Promise<C>[]} starting
 * @param {(...contenders: C[]) => AsyncGenerator<T>} use
 * @returns {AsyncGenerator<T>}
 */
export async function* withContenders(starting, use) {
  const started = await Promise.allSettled(starting);
  const contenders = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  try {
    for (const start of started) if (start.status === 'rejected') throw start.reason;
    yield* use(...contenders);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}
