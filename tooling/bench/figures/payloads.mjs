import { withContenders } from '../lib/contender-set.mjs';
import { startPair } from '../lib/contenders.mjs';
import { figureOf, inTurns, protocolsOf } from '../lib/figure.mjs';

const loads = /** @type {const} */ ([
  { size: '1kib', payloadBytes: 1024, inFlight: 32, goal: 0.8 },
  { size: '1mib', payloadBytes: 1024 * 1024, inFlight: 1, goal: 0.9 },
]);

/**
 * Larger requests and answers, against the bare libraries.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* payloads({ plan, where }) {
  for (const protocol of protocolsOf(plan)) {
    yield* withContenders(
      ['sdk', 'raw'].map((name) => startPair(name, where[protocol])),
      async function* (sdk, raw) {
        for (const { size, payloadBytes, inFlight, goal } of loads) {
          const results = await inTurns(
            {
              sdk: (durationMs) => sdk.measure({ inFlight, durationMs, payloadBytes }),
              raw: (durationMs) => raw.measure({ inFlight, durationMs, payloadBytes }),
            },
            plan,
          );
          yield figureOf(
            {
              name: `${protocol}-${size}-${inFlight}-raw`,
              versus: `bare ${protocol === 'amqp' ? 'amqplib' : 'mqtt.js'}`,
              goal,
              unit: 'requests/s',
            },
            results.sdk,
            results.raw,
          );
        }
      },
    );
  }
}
