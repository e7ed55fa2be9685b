import { withContenders } from '../lib/contender-set.mjs';
import { startPair } from '../lib/contenders.mjs';
import { figureOf, inTurns } from '../lib/figure.mjs';
import { SHORT_BYTES } from './requests.mjs';

/** @param {import('../lib/figure.mjs').Plan} plan */
const levelsOf = ({ quick }) => (quick ? [32] : [1, 32]);

/**
 * One client that asks one service, and all of many on the same broker in turn: what a request costs must not grow. The
 * bare library does the same after it, not beside it: two thousand connections would be too many for the broker.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* manyServices(context) {
  const count = context.plan.quick ? 20 : 1_000;
  const sdk = await allAndOne('sdk', count, context);
  const raw = await allAndOne('raw', count, context);
  for (const inFlight of levelsOf(context.plan)) {
    const name = `amqp-${count}-services-${inFlight}`;
    const ours = /** @type {AllAndOne} */ (sdk.get(inFlight));
    const theirs = /** @type {AllAndOne} */ (raw.get(inFlight));
    yield figureOf({ name, versus: 'one service', goal: 0.8, unit: 'requests/s' }, ours.all, ours.one);
    yield figureOf(
      { name: `${name}-raw`, versus: 'bare amqplib', goal: null, unit: 'of the speed with one service' },
      kept(ours),
      kept(theirs),
    );
  }
}

/** @typedef {{ all: number[], one: number[] }} AllAndOne */

/**
 * @param {string} name
 * @param {number} count
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {Promise<Map<number, AllAndOne>>} By requests in flight.
 */
async function allAndOne(name, count, { plan, where }) {
  /** @type {Map<number, AllAndOne>} */
  const results = new Map();
  const starting = [startPair(name, where.amqp, { count })];
  const measured = withContenders(starting, async function* (pair) {
    for (const inFlight of levelsOf(plan)) {
      /** @param {number} asked */
      const measure = (asked) => (/** @type {number} */ durationMs) =>
        pair.measure({ asked, inFlight, durationMs, payloadBytes: SHORT_BYTES });
      yield { inFlight, speeds: await inTurns({ all: measure(count), one: measure(1) }, plan) };
    }
  });
  for await (const { inFlight, speeds } of measured) results.set(inFlight, speeds);
  return results;
}

/** @param {AllAndOne} speeds */
function kept({ all, one }) {
  return all.map((speed, turn) => speed / /** @type {number} */ (one[turn]));
}
