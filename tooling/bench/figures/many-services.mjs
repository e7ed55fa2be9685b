import { KEEP_REQUESTS_MS } from '../lib/contenders.mjs';
import { figureOf, inTurns } from '../lib/figure.mjs';
import { addressOf, hierarchyOf } from '../lib/names.mjs';
import { using, Worker } from '../lib/worker.mjs';
import { SHORT_BYTES } from './requests.mjs';

const IN_FLIGHT = 32;
const servicesProgram = new URL('../sdk/many-services.mjs', import.meta.url);
const clientProgram = new URL('../sdk/many-client.mjs', import.meta.url);

/**
 * One client that asks one service, and all of many on the same broker in turn: what a request costs must not grow.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* manyServices({ plan, where }) {
  const count = plan.quick ? 100 : 1_000;
  const names = Array.from({ length: count }, (_, index) => `many-${index}`);
  const settings = { ...where.amqp, keepRequestsMs: KEEP_REQUESTS_MS };
  const hierarchies = names.map(hierarchyOf);
  const services = names.map(addressOf);
  const { all, one } = await using(
    await Worker.start(servicesProgram, { settings: { ...settings, hierarchies } }),
    async () =>
      using(await Worker.start(clientProgram, { settings: { ...settings, services } }), (client) => {
        /** @param {number} asked */
        const measure = (asked) => (/** @type {number} */ durationMs) =>
          client.ask('measure', { asked, inFlight: IN_FLIGHT, durationMs, payloadBytes: SHORT_BYTES });
        return inTurns({ all: measure(count), one: measure(1) }, plan);
      }),
  );
  yield figureOf(
    { name: `amqp-${count}-services`, versus: 'one service', goal: 0.8, unit: 'requests/s' },
    all,
    one,
  );
}
