import { withContenders } from '../lib/contender-set.mjs';
import { startPair } from '../lib/contenders.mjs';
import { figureOf, inTurns, levelsOf } from '../lib/figure.mjs';

/**
 * @typedef {import('../lib/figure.mjs').Context} Context
 * @typedef {import('../lib/figure.mjs').Figure} Figure
 */

export const SHORT_BYTES = 12;
const unit = 'requests/s';
const peers = ['rabbitmq-client', 'NestJS'];

/**
 * Request and answer of a short string, against the bare libraries and against what a TypeScript team could use instead.
 *
 * @param {Context} context
 * @returns {AsyncGenerator<Figure>}
 */
export async function* requests({ plan, where }) {
  for (const protocol of /** @type {const} */ (['amqp', 'mqtt'])) {
    const names = ['sdk', 'raw', ...(protocol === 'amqp' ? peers : [])];
    yield* withContenders(
      names.map((name) => startPair(name, where[protocol])),
      async function* (...contenders) {
        for (const inFlight of levelsOf(plan)) {
          // The quick run leaves out what no goal is set for.
          const taking = contenders.filter(
            ({ name }) => inFlight > 1 || !peers.includes(name) || !plan.quick,
          );
          const results = await inTurns(
            Object.fromEntries(
              taking.map(({ name, measure }) => [
                name,
                (durationMs) => measure({ inFlight, durationMs, payloadBytes: SHORT_BYTES }),
              ]),
            ),
            plan,
          );
          for (const { name } of taking.slice(1)) {
            yield figureOf(
              {
                name: `${protocol}-${inFlight}-${name}`,
                versus: name === 'raw' ? `bare ${protocol === 'amqp' ? 'amqplib' : 'mqtt.js'}` : name,
                goal: goalOf(name, inFlight),
                unit,
              },
              results.sdk ?? [],
              results[name] ?? [],
            );
          }
        }
      },
    );
  }
}

/**
 * @param {string} name
 * @param {number} inFlight
 */
function goalOf(name, inFlight) {
  if (name === 'raw') return inFlight === 1 ? 0.9 : 0.8;
  return inFlight === 1 ? null : 1;
}
