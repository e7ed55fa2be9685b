import { withContenders } from '../lib/contender-set.mjs';
import { KEEP_REQUESTS_MS } from '../lib/contenders.mjs';
import { figureOf, inTurns, protocolsOf } from '../lib/figure.mjs';
import { addressOf, hierarchyOf } from '../lib/names.mjs';
import { Worker } from '../lib/worker.mjs';

const IN_FLIGHT = 32;
const programs = new URL('../', import.meta.url);

/**
 * One publisher and many listeners: how many events reach them in a second, from the first publish to the last listener.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* events({ plan, where }) {
  for (const protocol of protocolsOf(plan)) {
    for (const listeners of plan.quick ? [10] : [1, 10, 100]) {
      yield* withContenders(
        ['sdk', 'raw'].map((name) => startEvents(name, where[protocol], listeners)),
        async function* (sdk, raw) {
          const results = await inTurns({ sdk: sdk.measure, raw: raw.measure }, plan);
          yield figureOf(
            {
              name: `${protocol}-events-${listeners}-raw`,
              versus: `bare ${protocol === 'amqp' ? 'amqplib' : 'mqtt.js'}`,
              goal: null,
              unit: 'deliveries/s',
            },
            results.sdk,
            results.raw,
          );
        },
      );
    }
  }
}

/**
 * @param {string} name
 * @param {import('../lib/contenders.mjs').Where} where
 * @param {number} listeners
 */
async function startEvents(name, where, listeners) {
  const who = `${name}-events-${where.protocol}`;
  const service = addressOf(who);
  const settings = {
    ...where,
    service,
    hierarchy: hierarchyOf(service),
    keepRequestsMs: KEEP_REQUESTS_MS,
    listeners,
  };
  const program = name === 'sdk' ? 'sdk/event-' : `raw/${where.protocol}-event-`;
  const publisher = await Worker.start(new URL(`${program}publisher.mjs`, programs), { settings });
  const listening = await Worker.start(new URL(`${program}listeners.mjs`, programs), { settings });
  return {
    /** @param {number} durationMs */
    async measure(durationMs) {
      const begin = performance.now();
      const count = await publisher.ask('publish', { inFlight: IN_FLIGHT, durationMs });
      await listening.ask('all', { count });
      return ((count * listeners) / (performance.now() - begin)) * 1000;
    },
    async stop() {
      await listening.stop();
      await publisher.stop();
    },
  };
}
