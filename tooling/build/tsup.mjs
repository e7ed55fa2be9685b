// The one build recipe: ESM and CJS with declarations for both, one shared chunk per package so
// that two entries of a package never hold two copies of a class.
import { writeDeclarations } from './declarations.mjs';

/**
 * @param {string[]} entry the package's public entry files
 * @returns {import('tsup').Options}
 */
export function packageBuild(entry = ['src/index.ts']) {
  return {
    entry,
    format: ['esm', 'cjs'],
    splitting: true,
    sourcemap: true,
    clean: true,
    target: 'node20',
    treeshake: true,
    silent: true,
    onSuccess: async () => writeDeclarations(entry),
  };
}

/**
 * @param {string[]} entry the program files of an app
 * @returns {import('tsup').Options}
 */
export function appBuild(entry) {
  return { entry, format: ['esm'], sourcemap: true, clean: true, target: 'node20', silent: true };
}
