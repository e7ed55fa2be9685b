import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPair } from '../lib/contenders.mjs';
import { figureOf, inTurns } from '../lib/figure.mjs';

const bin = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url));
const shortest = fileURLToPath(new URL('../sdk/first-answer.mjs', import.meta.url));
/** How often each is started: one start of a process says little. */
const RUNS = 15;
/** Of what it is compared with: help at most 1.5 times, a call at most 1.3 times. */
const goals = { help: 1 / 1.5, call: 1 / 1.3 };

/**
 * The processor time of the command line, of all its threads and the kernel's: its help against a Node that does nothing, and a call, whose
 * argument is checked by the schema that it remembers, against the shortest program of the client that asks the same.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* cli({ plan, where }) {
  const runs = plan.quick ? 3 : RUNS;
  const helped = await inTurns(
    {
      help: () => processorTime([bin, '--help']),
      nothing: () => processorTime(['-e', '0']),
    },
    // The first run of each fills the caches of the system.
    { ...plan, runs, warmUpMs: 1 },
  );
  yield figureOf(
    { name: 'cli-help', versus: '`node -e 0`', goal: goals.help, unit: 'ms', better: 'smaller' },
    helped.help,
    helped.nothing,
  );
  for (const protocol of /** @type {const} */ (['amqp', 'mqtt'])) {
    const pair = await startPair('sdk', where[protocol]);
    const folder = mkdtempSync(join(tmpdir(), 'intersect-bench-'));
    const { host, port, username, password } = where[protocol];
    const env = {
      INTERSECT_BENCH: JSON.stringify({ ...where[protocol], service: pair.service }),
      INTERSECT_BROKER_URL: `${protocol}://${username}:${password}@${host}:${port}`,
      INTERSECT_CONFIG_HOME: folder,
      INTERSECT_CACHE_HOME: folder,
    };
    try {
      const called = await inTurns(
        {
          call: () => processorTime([bin, 'call', pair.service, 'Bench.echo', '"hello"'], env),
          shortest: () => processorTime([shortest], env),
        },
        { ...plan, runs, warmUpMs: 1 },
      );
      yield figureOf(
        {
          name: `cli-call-${protocol}`,
          versus: 'the shortest client',
          goal: goals.call,
          unit: 'ms',
          better: 'smaller',
        },
        called.call,
        called.shortest,
      );
    } finally {
      rmSync(folder, { recursive: true });
      await pair.stop();
    }
  }
}

/**
 * Node tells no processor time of a process that has ended; the shell does.
 *
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} In ms.
 */
async function processorTime(args, env = {}) {
  const script = `TIMEFORMAT='%3U %3S'; time "$@" >/dev/null`;
  const { stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', process.execPath, ...args], {
    env: { ...process.env, ...env },
  });
  const [, user, system] = /^(\d+\.\d+) (\d+\.\d+)$/m.exec(stderr) ?? [];
  if (user === undefined) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return (Number(user) + Number(system)) * 1_000;
}
