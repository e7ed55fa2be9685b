import { withContenders } from '../lib/contender-set.mjs';
import { startPair } from '../lib/contenders.mjs';
import { figureOf, inTurns } from '../lib/figure.mjs';
import { SHORT_BYTES } from './requests.mjs';

/**
 * One client that asks one service, and all of many on the same broker in turn: what a request costs must not grow.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* manyServices({ plan, where }) {
  const count = plan.quick ? 100 : 1_000;
  yield* withContenders(
    ['sdk', 'raw'].map((name) => startPair(name, where.amqp, { count })),
    async function* (sdk, raw) {
      for (const inFlight of [1, 32]) {
        /**
         * @param {import('../lib/contenders.mjs').Contender} contender
         * @param {number} asked
         */
        const measure = (contender, asked) => (/** @type {number} */ durationMs) =>
          contender.measure({ asked, inFlight, durationMs, payloadBytes: SHORT_BYTES });
        const { all, one, rawAll } = await inTurns(
          { all: measure(sdk, count), one: measure(sdk, 1), rawAll: measure(raw, count) },
          plan,
        );
        const name = `amqp-${count}-services-${inFlight}`;
        const unit = 'requests/s';
        yield figureOf({ name, versus: 'one service', goal: 0.8, unit }, all, one);
        const versus = `bare amqplib, ${count} services`;
        yield figureOf({ name: `${name}-raw`, versus, goal: inFlight === 1 ? 0.9 : 0.8, unit }, all, rawAll);
      }
    },
  );
}
