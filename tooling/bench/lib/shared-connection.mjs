import { SHORT_BYTES } from '../figures/requests.mjs';
import { withContenders } from './contender-set.mjs';
import { startPair } from './contenders.mjs';

const COUNT = 1_000;
const FEW = 10;
const TURNS = 5;
const DURATION_MS = 4_000;

/** @typedef {{ rate: number, brokerUs: number }} Measured */

/**
 * 1,000 services of one process on one AMQP connection: what a request costs the broker, in processor time without the kernel's, when 10 of
 * them are asked in turn, and when all are. Measured in turns; the medians.
 *
 * @param {import('./contenders.mjs').Where} where
 * @param {(...args: string[]) => Promise<string>} rabbitmqctl
 * @returns {AsyncGenerator<string>} Lines of a table.
 */
export async function* sharedConnection(where, rabbitmqctl) {
  const brokerMs = async () =>
    Number(/\d+/.exec(await rabbitmqctl('eval', 'erlang:statistics(runtime).'))?.[0]);
  yield '| services asked | in flight | requests/s | broker, µs a request | of those with 10 |';
  yield '| --- | --- | --- | --- | --- |';
  const starting = [startPair('sdk', where, { count: COUNT, oneConnection: true })];
  yield* withContenders(starting, async function* ({ measure }) {
    for (const inFlight of [1, 32, 256]) {
      /** @type {(asked: number) => Promise<Measured>} */
      const once = async (asked) => {
        const load = { inFlight, asked, payloadBytes: SHORT_BYTES, durationMs: DURATION_MS };
        const before = await brokerMs();
        const rate = await measure(load);
        const brokerUs = (((await brokerMs()) - before) / (rate * (DURATION_MS / 1000))) * 1000;
        return { rate, brokerUs };
      };
      await once(COUNT);
      /** @type {Measured[]} */
      const few = [];
      /** @type {Measured[]} */
      const all = [];
      for (let turn = 0; turn < TURNS; turn++) {
        few.push(await once(FEW));
        all.push(await once(COUNT));
      }
      const fewUs = medianOf(few.map(({ brokerUs }) => brokerUs));
      for (const [asked, measured] of /** @type {const} */ ([
        [FEW, few],
        [COUNT, all],
      ])) {
        const us = medianOf(measured.map(({ brokerUs }) => brokerUs));
        const rate = Math.round(medianOf(measured.map((one) => one.rate)));
        yield `| ${asked} | ${inFlight} | ${rate} | ${Math.round(us)} | ${(us / fewUs).toFixed(2)} |`;
      }
    }
  });
}

/** @param {readonly number[]} numbers */
function medianOf(numbers) {
  return /** @type {number} */ ([...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]);
}
