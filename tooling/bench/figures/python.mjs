import { startPair, startPython } from '../lib/contenders.mjs';
import { figureOf, inTurns } from '../lib/figure.mjs';
import { using, Worker } from '../lib/worker.mjs';
import { SHORT_BYTES } from './requests.mjs';

/**
 * @typedef {import('../lib/figure.mjs').Context} Context
 * @typedef {import('../lib/figure.mjs').Figure} Figure
 */

const versus = 'Python SDK';
const firstAnswerProgram = new URL('../sdk/first-answer.mjs', import.meta.url);
/** More than one at a time breaks the AMQP connection of the Python SDK. */
const levels = { amqp: [1], mqtt: [1, 32] };
const goals = /** @type {Record<number, number>} */ ({ 1: 2, 32: 6 });

/**
 * Requests, and the time from the start of a client's process to its first answer, against the Python SDK.
 *
 * @param {Context} context
 * @returns {AsyncGenerator<Figure>}
 */
export async function* python({ plan, where, python: interpreter }) {
  if (interpreter === undefined) return;
  // A client of Python is a new process each time: few runs, long enough.
  const warmUpMs = plan.quick ? 200 : 1_000;
  const durationMs = Math.max(plan.durationMs, 300);
  const runs = plan.quick ? 1 : plan.runs;
  // Of both protocols the one by which the Python SDK can have many in flight.
  const protocols = /** @type {('amqp' | 'mqtt')[]} */ (plan.quick ? ['mqtt'] : ['amqp', 'mqtt']);
  for (const protocol of protocols) {
    const [sdk, theirs] = await Promise.all([
      startPair('sdk', where[protocol]),
      startPython(interpreter, where[protocol], { warmUpMs }),
    ]);
    try {
      for (const inFlight of levels[protocol]) {
        /** @param {import('../lib/contenders.mjs').Contender} contender */
        const measure = (contender) => (/** @type {number} */ durationMs) =>
          contender.measure({ inFlight, durationMs, payloadBytes: SHORT_BYTES });
        await measure(sdk)(plan.warmUpMs);
        const turns = { sdk: measure(sdk), python: measure(theirs) };
        const results = await inTurns(turns, { ...plan, runs, durationMs, warmUpMs: 0 });
        yield figureOf(
          {
            name: `${protocol}-${inFlight}-python`,
            versus,
            goal: goals[inFlight] ?? null,
            unit: 'requests/s',
          },
          results.sdk,
          results.python,
        );
      }
      // The time to a first answer is also what the group of the command line measures.
      if (plan.quick) continue;
      const settings = { ...where[protocol], service: sdk.service };
      const started = await inTurns(
        { sdk: () => firstAnswer(settings), python: theirs.firstAnswer },
        { ...plan, runs, warmUpMs: 0 },
      );
      yield figureOf(
        { name: `${protocol}-first-answer-python`, versus, goal: 2, unit: 'ms', better: 'smaller' },
        started.sdk,
        started.python,
      );
    } finally {
      await Promise.all([sdk.stop(), theirs.stop()]);
    }
  }
}

/** @param {object} settings */
function firstAnswer(settings) {
  const begin = performance.now();
  return using(new Worker(firstAnswerProgram, { settings }), async (worker) => {
    await worker.line();
    return performance.now() - begin;
  });
}
