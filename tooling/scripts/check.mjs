// Everything that must hold besides the tests. Runs to the end whatever fails, and shows all failures together.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { turbo } from './build.mjs';
import { bin, root } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

const capture = { capture: true };
/** @type {(program: string, ...args: string[]) => ReturnType<typeof run>} */
const program = (name, ...args) => run(join(bin, name), args, capture);

/**
 * A change of sources comes with a changeset. Compares with `main`; where a clone has none, such as one of a
 * single commit, with itself.
 */
async function changesets() {
  for (const main of ['origin/main', 'main']) {
    const { code } = await run('git', ['rev-parse', '--verify', '--quiet', main], capture);
    if (code === 0) return program('changeset', 'status', `--since=${main}`);
  }
  return program('changeset', 'status', '--since=HEAD');
}

/** The long one beside the short ones, so that two cores are busy. */
const lanes = [
  [
    {
      what: 'packed artefacts and API reports',
      start: () =>
        turbo(['check', '--filter=./packages/*', `--concurrency=${availableParallelism()}`], capture),
    },
    {
      what: 'packed packages in the programs of users',
      start: () => run(process.execPath, [join(root, 'tooling/scripts/check-consumers.mjs')], capture),
    },
  ],
  [
    {
      what: 'format, lint and layer rules',
      start: () => program('biome', 'ci', '--colors=off', '--error-on-warnings', '.'),
    },
    { what: 'types', start: () => program('tsc', '--pretty', 'false') },
    { what: 'changesets', start: changesets },
    {
      what: 'unused code and dependencies',
      start: () => program('knip', '--no-progress', '--no-config-hints'),
    },
  ],
];

/** @type {{ what: string, output: string }[]} */
const failures = [];

/** @param {typeof lanes[number]} steps */
async function runLane(steps) {
  for (const { what, start } of steps) {
    const began = performance.now();
    const { code, output } = await start();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'}  ${what} (${seconds} s)\n`);
    if (code !== 0) failures.push({ what, output });
  }
}

await ensureSetup();
await Promise.all(lanes.map(runLane));
for (const { what, output } of failures) process.stdout.write(`\n--- ${what} ---\n${output.trimEnd()}\n`);
if (failures.length > 0) {
  process.stdout.write(`\nFailed: ${failures.map(({ what }) => what).join('; ')}\n`);
  process.exitCode = 1;
}
