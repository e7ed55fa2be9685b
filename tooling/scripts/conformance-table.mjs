// Holds every transport of this repository against the conformance kit and writes into the kit's README what came of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOutcomes, report, withSection } from './lib/conformance-report.mjs';
import { bin, root, workspaceEnv } from './lib/root.mjs';
import { endWithParent, run } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

/** In the order of the table. One that does not run, e.g. without its broker, is missed. */
const transports = [
  'the in-memory transport',
  'MQTT over TCP on the development broker',
  'MQTT over TCP on the development broker, read by mqtt.js alone',
  'MQTT over WebSocket on the development broker',
  'MQTT over TCP on RabbitMQ',
  'MQTT over WebSocket on RabbitMQ',
  'MQTT over TCP on mosquitto',
  'AMQP on RabbitMQ',
  'AMQP on RabbitMQ, a connection that can be shared',
  'the transport of apps/custom-transport',
];
const readme = join(root, 'packages', 'conformance', 'README.md');

/** @param {string} file Where vitest shall write what every test did. */
async function runKit(file) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['--import', endWithParent, vitest, 'run', 'conformance.test.ts', ...reporters];
  const env = { ...workspaceEnv(), INTERSECT_REQUIRE_BROKERS: '1' };
  const { code } = await run(process.execPath, args, { env, tied: true });
  if (code !== 0) throw new Error('The kit did not pass, so the table stays as it is.');
  return readOutcomes(JSON.parse(readFileSync(file, 'utf8')));
}

async function main() {
  await ensureSetup();
  const folder = mkdtempSync(join(tmpdir(), 'intersect-conformance-'));
  try {
    const outcomes = await runKit(join(folder, 'results.json'));
    const names = outcomes.map(({ transport }) => transport);
    const unlike = [
      ...transports.filter((name) => !names.includes(name)),
      ...names.filter((name) => !transports.includes(name)),
    ];
    if (unlike.length > 0)
      throw new Error(`Expected and did not run, or the other way round: ${unlike.join('; ')}`);
    outcomes.sort((a, b) => transports.indexOf(a.transport) - transports.indexOf(b.transport));
    writeFileSync(readme, withSection(readFileSync(readme, 'utf8'), report(outcomes)));
    await run(join(bin, 'biome'), ['format', '--write', readme], { capture: true });
    process.stdout.write(`Written to ${readme}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
