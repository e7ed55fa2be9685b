// The one build recipe: ESM and CJS with declarations for both, one shared chunk per package so
// that two entries of a package never hold two copies of a class.

/**
 * @param {string[]} entry the package's public entry files
 * @returns {import('tsup').Options}
 */
export function packageBuild(entry = ['src/index.ts']) {
  return {
    entry,
    format: ['esm', 'cjs'],
    splitting: true,
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    sourcemap: true,
    clean: true,
    target: 'node20',
    treeshake: true,
    silent: true,
  };
}

/**
 * @param {string[]} entry the program files of an app
 * @returns {import('tsup').Options}
 */
export function appBuild(entry) {
  return { entry, format: ['esm'], sourcemap: true, clean: true, target: 'node20', silent: true };
}
