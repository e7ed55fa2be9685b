// The one build recipe: ESM and CJS with declarations for both, one shared chunk per package so
// that two entries of a package never hold two copies of a class.
import { rmSync } from 'node:fs';
import { writeDeclarations } from './declarations.mjs';
import { onlyEsmDependencies } from './only-esm.mjs';

/**
 * @param {string[]} entry the package's public entry files
 * @param {import('tsup').Options} [more] what this package needs beside
 * @returns {import('tsup').Options[]} one build for each module system
 */
export function packageBuild(entry = ['src/index.ts'], more = {}) {
  // Two builds write into one folder, so neither may empty it.
  rmSync('dist', { recursive: true, force: true });
  /** @type {import('tsup').Options} */
  const common = {
    entry,
    splitting: true,
    sourcemap: true,
    target: 'node20',
    treeshake: true,
    silent: true,
    ...more,
  };
  const folder = process.cwd();
  const onlyEsm = onlyEsmDependencies(folder).map((name) => new RegExp(`^${name}(/|$)`));
  return [
    { ...common, format: 'esm', onSuccess: async () => writeDeclarations(entry, folder) },
    // `require` of an ES module is an error in jest and in older programs, so the CJS build holds such dependencies itself.
    { ...common, format: 'cjs', noExternal: [...(more.noExternal ?? []), ...onlyEsm] },
  ];
}

/**
 * @param {string[]} entry the program files of an app
 * @returns {import('tsup').Options}
 */
export function appBuild(entry) {
  return { entry, format: ['esm'], sourcemap: true, clean: true, target: 'node20', silent: true };
}
