import { withContenders } from '../lib/contender-set.mjs';
import { startPair } from '../lib/contenders.mjs';
import { figureOf, inTurns, levelsOf, protocolsOf } from '../lib/figure.mjs';
import { SHORT_BYTES } from './requests.mjs';

/**
 * A service whose capability says nothing of its concurrency, and so runs one handler at a time, against one that allows 32.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* oneAtATime({ plan, where }) {
  for (const protocol of protocolsOf(plan)) {
    const pairs = [1, 32].map((concurrency) => startPair('sdk', where[protocol], { concurrency }));
    yield* withContenders(pairs, async function* (one, many) {
      for (const inFlight of levelsOf(plan)) {
        /** @param {import('../lib/contenders.mjs').Contender | undefined} contender */
        const measuring = (contender) => async (/** @type {number} */ durationMs) =>
          (await contender?.measure({ inFlight, durationMs, payloadBytes: SHORT_BYTES })) ?? 0;
        const results = await inTurns({ one: measuring(one), many: measuring(many) }, plan);
        yield figureOf(
          {
            name: `${protocol}-${inFlight}-one-at-a-time`,
            versus: '32 at once',
            goal: 0.95,
            unit: 'requests/s',
          },
          results.one,
          results.many,
        );
      }
    });
  }
}
