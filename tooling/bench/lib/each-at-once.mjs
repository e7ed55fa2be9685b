const AT_ONCE = 20;

/**
 * Does something with each, some of them at once.
 *
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} act
 * @returns {Promise<R[]>} In the order of the items.
 */
export async function eachAtOnce(items, act) {
  /** @type {R[]} */
  const results = [];
  const rest = items.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [index, item] of rest) results[index] = await act(item);
    }),
  );
  return results;
}
