import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The dependencies of a package that `require` can't load everywhere.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function onlyEsmDependencies(folder) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.keys(dependencies).filter((name) => isOnlyEsm(folder, name));
}

/**
 * Whether a dependency can't be loaded by `require` everywhere: its main entry is an ES module for both ways.
 *
 * @param {string} folder the package that depends on it
 * @param {string} name
 */
function isOnlyEsm(folder, name) {
  const { type, exports } = JSON.parse(
    readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'),
  );
  const main = exports?.['.'] ?? exports;
  const file = forRequire(main);
  if (file === undefined) return type === 'module' || main !== undefined;
  return file.endsWith('.mjs') || (type === 'module' && file.endsWith('.js'));
}

/**
 * The file that `require` gets of an entry of `exports`, as Node chooses it.
 *
 * @param {any} target
 * @returns {string | undefined}
 */
function forRequire(target) {
  if (typeof target === 'string') return target;
  for (const [condition, inside] of Object.entries(target ?? {})) {
    if (!['require', 'node', 'default'].includes(condition)) continue;
    const file = forRequire(inside);
    if (file !== undefined) return file;
  }
  return undefined;
}
