import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHORT_BYTES } from '../figures/requests.mjs';
import { startPair } from './contenders.mjs';
import { startDataClient, startDataStore } from './data-contenders.mjs';
import { using, Worker } from './worker.mjs';

const LINES = 40;
const load = { inFlight: 256, durationMs: 5_000, payloadBytes: SHORT_BYTES };
const warmUp = { ...load, durationMs: 1_000 };
const largeLoad = { bytes: 64 * 2 ** 20, durationMs: 5_000 };

/**
 * @typedef {{
 *   amqp: import('./contenders.mjs').Where,
 *   mqtt: import('./contenders.mjs').Where,
 *   store: import('./data-contenders.mjs').Store | undefined,
 * }} Brokers
 * @typedef {(flags: readonly string[], where: Brokers) => Promise<void>} Run Runs a hot path with these flags of Node in
 *   the process that is looked at.
 */

/** @type {Readonly<Record<string, Run>>} */
const runs = {
  async memory(flags) {
    const program = new URL('../sdk/in-memory.mjs', import.meta.url);
    await using(await Worker.start(program, { flags }), async (worker) => {
      await worker.ask('measure', warmUp);
      await worker.ask('measure', load);
    });
  },
  ...Object.fromEntries(
    /** @type {const} */ (['amqp', 'mqtt']).flatMap((protocol) =>
      ['sdk', 'raw'].flatMap((name) =>
        /** @type {const} */ (['client', 'service']).map((side) => [
          `${name === 'sdk' ? '' : 'raw-'}${protocol}-${side}`,
          /** @type {Run} */
          async (flags, where) => {
            const pair = await startPair(name, where[protocol], { flags: { [side]: flags } });
            await pair.measure(warmUp);
            await pair.measure(load);
            await pair.stop();
          },
        ]),
      ),
    ),
  ),
  ...Object.fromEntries(
    ['sdk', 'raw'].map((name) => [
      `${name === 'sdk' ? '' : 'raw-'}data-store`,
      /** @type {Run} */
      async (flags, { store }) => {
        const contender = await startDataStore(name, { store, flags });
        await contender.measure({ ...largeLoad, way: 'checksum' });
        await contender.stop();
      },
    ]),
  ),
  ...Object.fromEntries(
    /** @type {const} */ (['client', 'service']).map((side) => [
      `data-${side}`,
      /** @type {Run} */
      async (flags, { amqp, store }) => {
        const { bytes } = largeLoad;
        const pair = await startDataClient('sdk', { where: amqp, store, bytes, flags: { [side]: flags } });
        await pair.measure({ ...largeLoad, way: 'text' });
        await pair.stop();
      },
    ]),
  ),
};

/** What can be profiled. */
export const profiles = Object.keys(runs);

/**
 * Runs a hot path, with 256 requests in flight or with one of 64 MiB, and writes in which functions the time goes.
 *
 * @param {string} name
 * @param {Brokers} where
 */
export async function profile(name, where) {
  const run = runs[name];
  if (!run) throw new Error(`No profile ${name}: there are ${profiles.join(', ')}.`);
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
  try {
    await run(['--cpu-prof', `--cpu-prof-dir=${folder}`], where);
    const [file = ''] = readdirSync(folder);
    process.stdout.write(topFunctions(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {{
 *   nodes: { id: number, callFrame: { functionName: string, url: string, lineNumber: number } }[],
 *   samples: number[],
 *   timeDeltas: number[],
 * }} recorded
 * @returns {string} A table: the functions in which most time was spent, what they call not counted.
 */
function topFunctions({ nodes, samples, timeDeltas }) {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place = url === '' ? '' : ` ${shortened(url)}:${lineNumber + 1}`;
      return [id, `${functionName || '(anonymous)'}${place}`];
    }),
  );
  /** @type {Map<string, number>} */
  const times = new Map();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    if (name === '(idle)') continue;
    const time = timeDeltas[index] ?? 0;
    times.set(name, (times.get(name) ?? 0) + time);
    total += time;
  }
  const top = [...times].sort(([, a], [, b]) => b - a).slice(0, LINES);
  const lines = top.map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(6)} %  ${name}\n`);
  return `${(total / 1e6).toFixed(1)} s of processor time; of that in the function itself:\n${lines.join('')}`;
}

/** @param {string} url */
function shortened(url) {
  return url.replace(/^.*\/(node_modules|packages|tooling)\//, '');
}
