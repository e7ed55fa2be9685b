import { SHORT_BYTES } from '../figures/requests.mjs';
import { withContenders } from './contender-set.mjs';
import { startPair } from './contenders.mjs';

const DURATION_MS = 4_000;
const names = {
  amqp: ['sdk', 'raw', 'rabbitmq-client', 'NestJS'],
  mqtt: ['sdk', 'raw'],
};

/**
 * How much processor time one request takes in the client, in the service and in the broker, without the kernel's: on a
 * machine that all three share, their sum is what limits the rate.
 *
 * @param {{ amqp: import('./contenders.mjs').Where, mqtt: import('./contenders.mjs').Where }} where
 * @param {(...args: string[]) => Promise<string>} rabbitmqctl
 * @returns {AsyncGenerator<string>} Lines of a table.
 */
export async function* processorTimes(where, rabbitmqctl) {
  yield '| program | in flight | requests/s | client, µs | service, µs | broker, µs |';
  yield '| --- | --- | --- | --- | --- | --- |';
  // Of all threads of the Erlang machine, without the kernel's, in ms since it began.
  const brokerMs = async () =>
    Number(/\d+/.exec(await rabbitmqctl('eval', 'erlang:statistics(runtime).'))?.[0]);
  for (const protocol of /** @type {const} */ (['amqp', 'mqtt'])) {
    for (const name of names[protocol]) {
      yield* withContenders([startPair(name, where[protocol])], async function* ({ measure, processorTime }) {
        for (const inFlight of [1, 32, 256]) {
          const load = { inFlight, payloadBytes: SHORT_BYTES, durationMs: DURATION_MS };
          await measure({ ...load, durationMs: DURATION_MS / 4 });
          const before = { ...(await processorTime()), broker: await brokerMs() };
          const rate = await measure(load);
          const after = { ...(await processorTime()), broker: await brokerMs() };
          const requests = rate * (DURATION_MS / 1000);
          const [client, service, broker] = /** @type {const} */ (['client', 'service', 'broker']).map(
            (who) => Math.round(((after[who] - before[who]) / requests) * 1000),
          );
          yield `| ${protocol} ${name} | ${inFlight} | ${Math.round(rate)} | ${client} | ${service} | ${broker} |`;
        }
      });
    }
  }
}
