/** What one declaration says of a package: `import type { A } from 'name'`, `export { B } from 'name'`. */
const statement = /^(import type|export type|export) (\{[^}]*\}) from '([^'.][^']*)';$/gm;

/**
 * The declarations of the CJS build, made of those of the ESM build. Neighbours are `.cjs` files. A package that is
 * only an ES module is named as one: TypeScript before 5.8 refuses it otherwise, for whoever checks libraries too.
 *
 * @param {string} text a declaration file as TypeScript writes it
 * @param {string[]} onlyEsm the packages that are only ES modules
 */
export function declarationsForCjs(text, onlyEsm) {
  return text.replaceAll(neighbour, '$1.cjs$2').replaceAll(statement, (...match) => {
    const [whole, kind, names, name] = match;
    if (!onlyEsm.includes(packageOf(name))) return whole;
    const asEsm = `'${name}' with { 'resolution-mode': 'import' }`;
    return kind === 'export' ? constantsOf(names, asEsm) : `${kind} ${names} from ${asEsm};`;
  });
}

/** How declarations name their neighbours: `from './name.js'`, `import('./name.js')`. */
export const neighbour = /((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]+)\.js(['"])/g;

/**
 * A value can't be re-exported of a module that is only named for its types, so it is declared with its type.
 *
 * @param {string} names
 * @param {string} asEsm
 */
function constantsOf(names, asEsm) {
  const listed = names
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const imported = listed.map((name) => `${name} as ${name}_`).join(', ');
  const constants = listed.map((name) => `export declare const ${name}: typeof ${name}_;`);
  return [`import type { ${imported} } from ${asEsm};`, ...constants].join('\n');
}

/** @param {string} specifier */
function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
