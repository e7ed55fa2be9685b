/**
 * Asks again as soon as an answer is there, with so many requests in flight, and checks every answer. The same for all
 * that is compared.
 *
 * @param {(payload: string) => Promise<unknown>} ask
 * @param {{ inFlight: number, durationMs: number, payloadBytes: number }} load
 * @returns {Promise<number>} Answers in a second.
 */
export async function closedLoop(ask, { inFlight, durationMs, payloadBytes }) {
  const payload = 'x'.repeat(payloadBytes);
  let answered = 0;
  const begin = performance.now();
  const end = begin + durationMs;
  const asker = async () => {
    while (performance.now() < end) {
      if ((await ask(payload)) !== payload) throw new Error('The answer is not what was sent.');
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, asker));
  return (answered / (performance.now() - begin)) * 1000;
}
