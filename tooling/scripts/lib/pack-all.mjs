import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from './root.mjs';
import { run } from './run.mjs';

/**
 * Packs every package, as npm would publish it, into one folder. What stood in that folder goes.
 *
 * @param {string} folder
 * @returns {Promise<string[]>} The tarballs, with their folder. Throws with what pnpm says where a package can't be packed.
 */
export async function packAll(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // What is private goes out within another package.
  const published = ['--filter', './packages/*', '--filter', '!./packages/console'];
  const args = ['-r', ...published, 'pack', '--pack-destination', folder];
  const { code, output } = await run(join(bin, 'pnpm'), args, { capture: true });
  if (code !== 0) throw new Error(`The packages cannot be packed:\n${output}`);
  return readdirSync(folder).map((name) => join(folder, name));
}
