import { figureOf, inTurns } from '../lib/figure.mjs';
import { using, Worker } from '../lib/worker.mjs';
import { SHORT_BYTES } from './requests.mjs';

const RUNS = 15;
const IN_FLIGHT = 32;

/**
 * What traces and metrics cost: the processor time of a request at client and service together, with one trace in ten taken, against none; and
 * what of it is OpenTelemetry's context manager alone, which follows every promise of the process.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* telemetry({ plan }) {
  const program = new URL('../sdk/telemetry.mjs', import.meta.url);
  /** @param {string} kind */
  const start = (kind) => Worker.start(program, { settings: { kind } });
  /** @param {Worker} worker */
  const measuring = (worker) => async (/** @type {number} */ durationMs) =>
    /** @type {number} */ (
      await worker.ask('measure', { inFlight: IN_FLIGHT, durationMs, payloadBytes: SHORT_BYTES })
    );
  const starting = ['off', 'context', 'on'].map(start);
  const [without, withContext, all] = await Promise.all(starting);
  if (!without || !withContext || !all) throw new Error('Three programs were started.');
  const { off, context, on } = await using(without, () =>
    using(withContext, () =>
      using(all, () =>
        inTurns(
          { off: measuring(without), context: measuring(withContext), on: measuring(all) },
          { ...plan, runs: plan.quick ? 2 : RUNS, warmUpMs: plan.warmUpMs * 2 },
        ),
      ),
    ),
  );
  const common = { unit: 'µs/request', better: /** @type {const} */ ('smaller') };
  yield figureOf({ name: 'telemetry-one-in-ten', versus: 'none', goal: 1 / 1.1, ...common }, on, off);
  yield figureOf(
    { name: 'telemetry-one-in-ten-context', versus: 'the context manager alone', goal: 1 / 1.1, ...common },
    on,
    context,
  );
}
