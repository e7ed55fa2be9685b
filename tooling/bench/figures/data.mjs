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
      for (const { size, bytes, runs } of plan.quick ? sizes.slice(0, 1) : sizes) {
        /**
         * @param {import('../lib/data-contenders.mjs').DataContender | undefined} contender
         * @param {string} [way]
         */
        const measuring = (contender, way) => async (/** @type {number} */ durationMs) =>
          (await contender?.measure({ way, bytes, durationMs })) ?? 0;
        const results = await inTurns(
          {
            raw: measuring(raw, 'plain'),
            plain: measuring(sdk, 'plain'),
            rawChecksum: measuring(raw, 'checksum'),
            checksum: measuring(sdk, 'checksum'),
            parts: measuring(sdk, 'parts'),
            ...(theirs && { python: measuring(theirs) }),
          },
          { ...plan, runs: plan.quick ? plan.runs : runs },
        );
        /**
         * @param {string} name
         * @param {'plain' | 'checksum' | 'parts'} ours
         * @param {'raw' | 'rawChecksum'} theirs
         */
        const against = (name, ours, theirs) => {
          const versus = theirs === 'raw' ? 'bare aws4fetch' : 'bare aws4fetch with SHA-256';
          const goal = ours === 'parts' ? null : 0.9;
          return figureOf(
            { name: `data-${size}-${name}`, versus, goal, unit },
            results[ours],
            results[theirs],
          );
        };
        yield against('plain-raw', 'plain', 'raw');
        yield against('checksum-raw', 'checksum', 'rawChecksum');
        yield against('checksum-raw-without', 'checksum', 'raw');
        yield against('parts-raw', 'parts', 'rawChecksum');
        if (!theirs) continue;
        yield figureOf(
          { name: `data-${size}-python`, versus: 'Python SDK', goal: null, unit },
          results.checksum,
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
  const mib = plan.quick ? 16 : 64;
  const bytes = mib * MIB;
  const runs = plan.quick ? 1 : 5;
  yield* withContenders(
    ['sdk', 'python'].map((name) => startDataClient(name, { where: where.amqp, store, python, bytes })),
    async function* (sdk, theirs) {
      for (const way of plan.quick ? ['text'] : ['text', 'binary']) {
        /** @param {import('../lib/data-contenders.mjs').DataContender | undefined} contender */
        const measuring = (contender) => async (/** @type {number} */ durationMs) =>
          (await contender?.measure({ way, bytes, durationMs })) ?? 0;
        const results = await inTurns(
          { sdk: measuring(sdk), python: measuring(theirs) },
          { ...plan, runs, warmUpMs: plan.quick ? 0 : plan.warmUpMs },
        );
        yield figureOf(
          { name: `data-${mib}mib-${way}-request-python`, versus: 'Python SDK', goal: 2, unit },
          results.sdk,
          results.python,
        );
      }
    },
  );
}
