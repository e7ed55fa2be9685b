/**
 * Publishes again as soon as a message is confirmed, with so many unconfirmed. The same for all that is compared.
 *
 * @param {() => Promise<unknown>} publish
 * @param {{ inFlight: number, durationMs: number }} load
 * @returns {Promise<number>} How many.
 */
export async function publishFor(publish, { inFlight, durationMs }) {
  let published = 0;
  const end = performance.now() + durationMs;
  const publisher = async () => {
    while (performance.now() < end) {
      await publish();
      published += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, publisher));
  return published;
}
