/**
 * Uses contenders and stops them, however the use ends.
 *
 * @template {{ stop: () => Promise<void> }} C
 * @template T
 * @param {readonly (() => Promise<C>)[]} starts One after the other, since each takes the whole machine to start.
 * @param {(...contenders: C[]) => AsyncGenerator<T>} use
 * @returns {AsyncGenerator<T>}
 */
export async function* withContenders(starts, use) {
  /** @type {C[]} */
  const contenders = [];
  try {
    for (const start of starts) contenders.push(await start());
    yield* use(...contenders);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}
