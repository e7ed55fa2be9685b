import { figureOf, inTurns } from '../lib/figure.mjs';
import { using, Worker } from '../lib/worker.mjs';
import { SHORT_BYTES } from './requests.mjs';

const WANTED_PER_SECOND = 60_000;

/**
 * The SDK alone: client and service in one process, over the in-memory transport.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* alone({ plan }) {
  const program = new URL('../sdk/in-memory.mjs', import.meta.url);
  const { sdk } = await using(await Worker.start(program), (worker) =>
    inTurns(
      {
        sdk: (durationMs) => worker.ask('measure', { inFlight: 256, durationMs, payloadBytes: SHORT_BYTES }),
      },
      { ...plan, warmUpMs: plan.warmUpMs * 2 },
    ),
  );
  yield figureOf(
    { name: 'memory-transport-256', versus: 'the goal', goal: 1, unit: 'requests/s' },
    sdk,
    WANTED_PER_SECOND,
  );
}
