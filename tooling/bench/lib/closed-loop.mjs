/**
 * Asks again as soon as an answer is there, with so many requests in flight, and checks every answer. The same for all
 * that is compared.
 *
 * @param {(payload: string, asked: number) => Promise<unknown>} ask
 * @param {{ inFlight: number, durationMs: number, payloadBytes: number, asked?: number }} load `asked`: how many services
 *   take turns.
 * @returns {Promise<number>} Answers in a second.
 */
export async function closedLoop(ask, { inFlight, durationMs, payloadBytes, asked = 1 }) {
  const payload = 'x'.repeat(payloadBytes);
  let answered = 0;
  const begin = performance.now();
  const end = begin + durationMs;
  const asker = async () => {
    while (performance.now() < end) {
      if ((await ask(payload, asked)) !== payload) throw new Error('The answer is not what was sent.');
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, asker));
  return (answered / (performance.now() - begin)) * 1000;
}

/**
 * Asks the first `asked` services one after the other, over and over.
 *
 * @param {readonly string[]} services
 * @param {(service: string, payload: string) => Promise<unknown>} ask
 * @returns {(payload: string, asked: number) => Promise<unknown>}
 */
export function inTurn(services, ask) {
  let next = 0;
  return (payload, asked) => {
    next = (next + 1) % asked;
    return ask(/** @type {string} */ (services[next]), payload);
  };
}
