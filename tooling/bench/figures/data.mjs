import { withContenders } from '../lib/contender-set.mjs';
import { startDataClient, startDataStore } from '../lib/data-contenders.mjs';
import { figureOf, inTurns } from '../lib/figure.mjs';

/**
 * @typedef {import('../lib/figure.mjs').Context} Context
 * @typedef {import('../lib/figure.mjs').Figure} Figure
 */

const MIB = 2 ** 20;
const sizes = [
  { size: '1mib', bytes: MIB, runs: 7 },
  { size: '64mib', bytes: 64 * MIB, runs: 5 },
  { size: '1gib', bytes: 1024 * MIB, runs: 3 },
];
const unit = 'MiB/s';

/**
 * Large data: into a store and out of it, against bare aws4fetch and the Python SDK; and from client to service and back by reference,
 * against the Python SDK.
 *
 * @param {Context} context
 * @returns {AsyncGenerator<Figure>}
 */
export async function* data(context) {
  if (!context.store) return;
  yield* throughStore(context);
  yield* endToEnd(context);
}

/**
 * @param {Context} context
 * @returns {AsyncGenerator<Figure>}
 */
async function* throughStore({ plan, store, python }) {
  const names = ['sdk', 'raw', ...(python === undefined ? [] : ['python'])];
  yield* withContenders(
    names.map((name) => startDataStore(name, { store, python })),
    async function* (sdk, raw, theirs) {
      for (const { size, bytes, runs } of plan.quick ? sizes.slice(0, 2) : sizes) {
        const load = (/** @type {number} */ durationMs) => ({ bytes, durationMs });
        /** @type {Record<string, (durationMs: number) => Promise<number>>} */
        const turns = {
          raw: async (ms) => (await raw?.measure(load(ms))) ?? 0,
          plain: async (ms) => (await sdk?.measure({ way: 'plain', ...load(ms) })) ?? 0,
          checksum: async (ms) => (await sdk?.measure({ way: 'checksum', ...load(ms) })) ?? 0,
          parts: async (ms) => (await sdk?.measure({ way: 'parts', ...load(ms) })) ?? 0,
          ...(theirs && { python: (ms) => theirs.measure(load(ms)) }),
        };
        const results = await inTurns(turns, { ...plan, runs: plan.quick ? plan.runs : runs });
        for (const way of ['plain', 'checksum', 'parts']) {
          yield figureOf(
            {
              name: `data-${size}-${way}-raw`,
              versus: 'bare aws4fetch',
              goal: way === 'parts' ? null : 0.9,
              unit,
            },
            results[way] ?? [],
            results.raw ?? [],
          );
        }
        if (!theirs) continue;
        yield figureOf(
          { name: `data-${size}-python`, versus: 'Python SDK', goal: null, unit },
          results.checksum ?? [],
          results.python ?? [],
        );
      }
    },
  );
}

/**
 * @param {Context} context
 * @returns {AsyncGenerator<Figure>}
 */
async function* endToEnd({ plan, where, store, python }) {
  if (python === undefined) return;
  const bytes = 64 * MIB;
  const runs = plan.quick ? 1 : 5;
  yield* withContenders(
    ['sdk', 'python'].map((name) => startDataClient(name, { where: where.amqp, store, python, bytes })),
    async function* (sdk, theirs) {
      for (const way of ['text', 'binary']) {
        /** @param {import('../lib/data-contenders.mjs').DataContender | undefined} contender */
        const measuring = (contender) => async (/** @type {number} */ durationMs) =>
          (await contender?.measure({ way, bytes, durationMs })) ?? 0;
        const results = await inTurns({ sdk: measuring(sdk), python: measuring(theirs) }, { ...plan, runs });
        yield figureOf(
          { name: `data-64mib-${way}-request-python`, versus: 'Python SDK', goal: 2, unit },
          results.sdk,
          results.python,
        );
      }
    },
  );
}
