// Builds all packages and apps through turbo, which skips what did not change.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

/**
 * Runs tasks in every package that has them. Only what fails is shown.
 *
 * @param {string[]} tasks
 * @param {{ capture?: boolean }} [options]
 */
export function turbo(tasks, options) {
  const always = ['--output-logs=errors-only', '--continue=dependencies-successful'];
  return run(join(bin, 'turbo'), ['run', ...tasks, ...always], options);
}

/**
 * @param {string[]} [packages] Names; only these and what they depend on are built. Default all.
 * @returns {Promise<boolean>} Whether they are built; what went wrong is shown.
 */
export async function ensureBuilt(packages = []) {
  await ensureSetup();
  const filters = packages.map((name) => `--filter=${name}...`);
  const { code, output } = await turbo(['build', ...filters], { capture: true });
  if (code !== 0) process.stderr.write(output);
  return code === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!(await ensureBuilt())) process.exitCode = 1;
}
