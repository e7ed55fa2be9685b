import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { figureOf, inTurns } from '../lib/figure.mjs';
import { using, Worker } from '../lib/worker.mjs';

const LIMIT_MS = 120;
const folder = new URL('../sdk/', import.meta.url);
/** What must not be loaded before a schema is given, or unless it was asked for. */
const unwanted = {
  'client-amqp': ['ajv', 'ajv-formats', 'mqtt', 'yaml', 'typebox/schema'],
  'client-mqtt': ['ajv', 'ajv-formats', 'amqplib', 'yaml', 'typebox/schema'],
  service: ['ajv', 'ajv-formats', 'amqplib', 'mqtt', 'yaml'],
};

/**
 * What `import` costs over a Node that does nothing, and whether anything is loaded that isn't used.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* imports({ plan }) {
  const runs = plan.quick ? 2 : 15;
  const times = await inTurns(
    {
      nothing: () => timeToEnd('import-nothing.mjs'),
      'client-amqp': () => timeToEnd('import-client-amqp.mjs'),
      'client-mqtt': () => timeToEnd('import-client-mqtt.mjs'),
    },
    // The first run of each fills the caches of the system.
    { ...plan, runs, warmUpMs: 1 },
  );
  for (const what of /** @type {const} */ (['client-amqp', 'client-mqtt'])) {
    const over = times[what].map((time, run) => time - /** @type {number} */ (times.nothing[run]));
    yield figureOf(
      { name: `import-${what}`, versus: 'the limit', goal: 1, unit: 'ms', better: 'smaller' },
      over,
      LIMIT_MS,
    );
  }
  for (const [what, names] of Object.entries(unwanted)) {
    const loaded = await loadedBy(what);
    const found = names.filter((name) => loaded.some((url) => url.includes(`/node_modules/${name}/`)));
    yield {
      ...figureOf(
        { name: `unused-${what}`, versus: 'nothing unused', goal: 1, unit: 'packages' },
        [found.length],
        0,
      ),
      ratio: found.length === 0 ? 1 : 0,
    };
  }
}

/**
 * @param {string} program
 * @returns {Promise<number>} In ms.
 */
async function timeToEnd(program) {
  const begin = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL(program, folder))], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}.`);
  return performance.now() - begin;
}

/**
 * @param {string} what
 * @returns {Promise<string[]>} The URLs of all scripts that it loads.
 */
async function loadedBy(what) {
  const settings = { program: new URL(`import-${what}.mjs`, folder).href };
  const worker = new Worker(new URL('../lib/loaded-scripts.mjs', import.meta.url), { settings });
  return using(worker, async () => (await worker.line()).result);
}
