// Measures what a user waits for, side by side with what else could be used, on a real broker and on the built packages.
import { parseArgs } from 'node:util';
import { startBrokers } from '@intersect-sdk/test-brokers';
import { pythonPeer } from '@intersect-sdk/test-brokers/python-peer';
import { ensureBuilt } from '../scripts/build.mjs';
import { groups } from './figures/groups.mjs';
import { machine } from './lib/machine.mjs';
import { writePage } from './lib/page.mjs';
import { processorTimes } from './lib/processor-time.mjs';
import { profile, profiles } from './lib/profile.mjs';
import { sharedConnection } from './lib/shared-connection.mjs';

const usage = `Usage: npm run bench [-- OPTIONS]

  (none)             everything, for some ten minutes; writes docs/benchmarks.md
  --quick            every group, in less than a minute, with fewer turns and rows; prints one JSON line for each figure
  --only WORD,...    only these groups: ${Object.keys(groups).join(', ')}; writes no page
  --no-build         on the build that is there
  --processor        what a request costs in the client, in the service and in the broker, as a table
  --shared           what a request costs the broker with 10 and with 1,000 services on one AMQP connection, as a table
  --profile NAME     where the time goes: ${profiles.join(', ')}`;

const plans = {
  full: { runs: 5, durationMs: 1_000, warmUpMs: 2_000, quick: false },
  quick: { runs: 2, durationMs: 120, warmUpMs: 80, quick: true },
};

/**
 * @param {string} url
 * @param {{ username: string, password: string }} credentials
 */
function hostAndPort(url, { username, password }) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), username, password };
}

/** @param {import('./lib/figure.mjs').Figure} figure */
function print({ name, ours, against, ratio, goal, unit }) {
  const rounded = { name, ours: round(ours), against: round(against), ratio: round(ratio), goal, unit };
  process.stdout.write(`${JSON.stringify(rounded)}\n`);
}

/** @param {number} value */
function round(value) {
  return Number(value.toPrecision(4));
}

/** @param {string} sentence */
const onProgress = (sentence) => process.stderr.write(`${sentence}\n`);

async function main() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
      profile: { type: 'string' },
      processor: { type: 'boolean', default: false },
      shared: { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',');
  const wanted = Object.entries(groups).filter(([name]) => only?.includes(name) ?? true);
  if (wanted.length === 0) throw new Error(usage);
  if (!values['no-build'] && !(await ensureBuilt())) return 1;
  const [python, brokers] = await Promise.all([
    pythonPeer({ onProgress }),
    startBrokers({ rabbitmq: true, s3: true, onProgress }),
  ]);
  if (python.python === undefined) onProgress(`The Python SDK is left out: ${python.unavailable}`);
  try {
    const { rabbitmq, s3 } = brokers;
    if (!rabbitmq)
      throw new Error(`No RabbitMQ: ${brokers.unavailable.map(({ reason }) => reason).join(' ')}`);
    const store = s3 && { url: s3.url, username: s3.username, password: s3.password };
    if (!s3) {
      const reasons = brokers.unavailable.map(({ reason }) => reason).join(' ');
      onProgress(`Large data are left out, without a data store: ${reasons}`);
    }
    // A thousand connections take more than the tests' broker allows itself; over it, it would stop all that publish.
    if (rabbitmq.ours) await rabbitmq.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '8GiB');
    const where = {
      amqp: { protocol: /** @type {const} */ ('amqp'), ...hostAndPort(rabbitmq.amqpUrl, rabbitmq) },
      mqtt: { protocol: /** @type {const} */ ('mqtt'), ...hostAndPort(rabbitmq.mqttUrl, rabbitmq) },
    };
    if (values.profile !== undefined) {
      await profile(values.profile, { ...where, store });
      return 0;
    }
    if (values.processor) {
      if (!rabbitmq.ours) throw new Error('Only an own broker tells its processor time: unset INTERSECT_*.');
      for await (const line of processorTimes(where, rabbitmq.rabbitmqctl)) process.stdout.write(`${line}\n`);
      return 0;
    }
    if (values.shared) {
      if (!rabbitmq.ours) throw new Error('Only an own broker tells its processor time: unset INTERSECT_*.');
      for await (const line of sharedConnection(where.amqp, rabbitmq.rabbitmqctl))
        process.stdout.write(`${line}\n`);
      return 0;
    }
    const context = {
      plan: values.quick ? plans.quick : plans.full,
      where,
      store,
      python: python.python,
    };
    // First, so that nothing is missing after a long run.
    const rows = !values.quick && only === undefined ? await machine(rabbitmq, s3, python.python) : undefined;
    /** @type {Record<string, import('./lib/figure.mjs').Figure[]>} */
    const figures = {};
    for (const [name, group] of wanted) {
      if (!values.quick) onProgress(`Measuring: ${name}`);
      figures[name] = [];
      for await (const figure of group.measure(context)) {
        figures[name].push(figure);
        print(figure);
      }
    }
    if (rows) await writePage(figures, { plan: context.plan, machine: rows });
    return 0;
  } finally {
    await brokers.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  process.exitCode = 1;
}
