import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPair, startPythonService } from '../lib/contenders.mjs';
import { figureOf, inTurns, protocolsOf } from '../lib/figure.mjs';
import { addressOf } from '../lib/names.mjs';

const bin = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url));
const shortest = fileURLToPath(new URL('../sdk/first-answer.mjs', import.meta.url));
/** How often each is started: one start of a process says little. */
const RUNS = 15;
/** Of what it is compared with: help at most 1.5 times, a call at most 1.3 times. */
const goals = { help: 1 / 1.5, call: 1 / 1.3 };

/** Within that a service of another SDK, seen for the first time, has answered one command. */
const FIRST_ANSWER_MS = 2_000;

/**
 * The processor time of the command line, of all its threads and the kernel's: its help against a Node that does nothing, and a call, whose
 * argument is checked by the schema that it remembers, against the shortest program of the client that asks the same. And how long one
 * command takes until a service of the Python SDK has answered that it never saw, which is sent unchecked.
 *
 * @param {import('../lib/figure.mjs').Context} context
 * @returns {AsyncGenerator<import('../lib/figure.mjs').Figure>}
 */
export async function* cli({ plan, where, python }) {
  const runs = plan.quick ? 2 : RUNS;
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
  for (const protocol of protocolsOf(plan)) {
    const pair = await startPair('sdk', where[protocol]);
    const folder = mkdtempSync(join(tmpdir(), 'intersect-bench-'));
    const env = {
      ...surroundings(where[protocol], folder),
      INTERSECT_BENCH: JSON.stringify({ ...where[protocol], service: pair.service }),
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
    if (python === undefined) continue;
    yield figureOf(
      {
        name: `cli-first-answer-python-${protocol}`,
        versus: 'the limit',
        goal: 1,
        unit: 'ms',
        better: 'smaller',
      },
      await firstAnswers(where[protocol], python, plan.quick ? 1 : 5),
      FIRST_ANSWER_MS,
    );
  }
}

/**
 * What the program finds its broker by, with contexts and remembered schemas of its own.
 *
 * @param {import('../lib/contenders.mjs').Where} where
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function surroundings({ protocol, host, port, username, password }, folder) {
  return {
    INTERSECT_BROKER_URL: `${protocol}://${username}:${password}@${host}:${port}`,
    INTERSECT_CONFIG_HOME: folder,
    INTERSECT_CACHE_HOME: folder,
  };
}

/**
 * From the start of the program to its end: an answer of a service of the Python SDK that it never saw.
 *
 * @param {import('../lib/contenders.mjs').Where} where
 * @param {string} interpreter
 * @param {number} runs
 * @returns {Promise<number[]>} In ms.
 */
async function firstAnswers(where, interpreter, runs) {
  const service = addressOf(`cli-python-${where.protocol}`);
  const serving = await startPythonService(interpreter, where, service);
  try {
    const times = [];
    for (let run = 0; run <= runs; run++) {
      const folder = mkdtempSync(join(tmpdir(), 'intersect-bench-'));
      const startedMs = performance.now();
      await promisify(execFile)(process.execPath, [bin, 'call', service, 'Bench.echo', '"hello"'], {
        env: { ...process.env, ...surroundings(where, folder) },
      });
      // The first one fills the caches of the system.
      if (run > 0) times.push(performance.now() - startedMs);
      rmSync(folder, { recursive: true });
    }
    return times;
  } finally {
    await serving.stop();
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
