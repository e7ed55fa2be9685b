/**
 * How often work of this process is done in a second.
 *
 * @param {() => unknown} work
 * @param {number} durationMs
 */
export async function perSecond(work, durationMs) {
  const begin = performance.now();
  let count = 0;
  let elapsedMs = 0;
  do {
    work();
    count++;
    elapsedMs = performance.now() - begin;
  } while (elapsedMs < durationMs);
  return (count * 1000) / elapsedMs;
}
