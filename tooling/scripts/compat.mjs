// Tries the packed packages with what else people use, and writes down what works in docs/compatibility.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { turbo } from './build.mjs';
import { makeConsumer } from './compat/consumer.mjs';
import { compatibilityPage } from './compat/page.mjs';
import { others, promised, toolsFolder } from './compat/tools.mjs';
import {
  bundlerTrials,
  compilePrograms,
  failureOf,
  jestTrial,
  nodeTrials,
  runtimeTrials,
  typeScriptTrials,
} from './compat/trials.mjs';
import { bin, root } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

await ensureSetup();
const packed = await turbo(['check', '--filter=./packages/*'], { capture: true });
if (packed.code !== 0) {
  process.stdout.write(packed.output);
  process.exit(1);
}
const consumer = await makeConsumer();
const always = { consumer, tools: await toolsFolder(promised) };
const further = { consumer, tools: await toolsFolder(others) };
await compilePrograms(always);
const trials = [
  ...nodeTrials(always),
  ...typeScriptTrials(always),
  jestTrial(always, '29'),
  jestTrial(further, '30'),
  ...bundlerTrials(further),
  ...runtimeTrials(further, 'bun'),
  ...runtimeTrials(further, 'deno', ['--allow-all', '--node-modules-dir=manual']),
];
/** @type {import('./compat/page.mjs').Outcome[]} */
const outcomes = [];
for (const trial of trials) {
  const failure = await failureOf(trial);
  process.stdout.write(`${failure === undefined ? 'works ' : 'FAILS '} ${trial.what}\n${failure ?? ''}`);
  outcomes.push({ what: trial.what, failure });
}
const page = join(root, 'docs', 'compatibility.md');
writeFileSync(page, compatibilityPage(outcomes));
await run(join(bin, 'biome'), ['format', '--write', page], { capture: true });
