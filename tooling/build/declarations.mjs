import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { declarationsForCjs, neighbour } from './declarations-cjs.mjs';
import { onlyEsmDependencies } from './only-esm.mjs';

/**
 * Writes the declarations of a package beside its built code: `.d.ts` for ESM and `.d.cts` for CJS, one of each
 * for every source file that the declarations of the entries need. Types are not checked here, `npm run check`
 * does that; so this takes a fifth of the time of a bundler for declarations.
 *
 * @param {string[]} entry the package's public entry files
 * @param {string} [folder] the package's folder; default the current one
 * @throws Error when something exported has a type that can't be written down
 */
export function writeDeclarations(entry, folder = process.cwd()) {
  const declarations = emit(entry, folder);
  const needed = reachable(
    entry.map((file) => declarationOf(relative('src', file))),
    declarations,
  );
  const onlyEsm = onlyEsmDependencies(folder);
  for (const path of needed) {
    const target = join(folder, 'dist', path);
    const text = declarations.get(path) ?? '';
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    writeFileSync(target.replace(/\.d\.ts$/, '.d.cts'), declarationsForCjs(text, onlyEsm));
  }
}

/**
 * @param {string[]} entry
 * @param {string} folder
 * @returns {Map<string, string>} By path below `src`.
 */
function emit(entry, folder) {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    { noEmit: false, emitDeclarationOnly: true, noCheck: true, sourceMap: false },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  const program = ts.createProgram(
    entry.map((file) => resolve(folder, file)),
    parsed?.options ?? {},
  );
  /** @type {Map<string, string>} */
  const declarations = new Map();
  for (const source of program.getSourceFiles()) {
    const path = relative(join(folder, 'src'), source.fileName);
    if (path.startsWith('..') || source.isDeclarationFile) continue;
    /** @type {import('typescript').WriteFileCallback} */
    const keep = (_, text) => void declarations.set(declarationOf(path), text);
    for (const diagnostic of program.emit(source, keep, undefined, true).diagnostics) fail(diagnostic);
  }
  return declarations;
}

/** @param {string} path */
function declarationOf(path) {
  return path.replaceAll('\\', '/').replace(/\.ts$/, '.d.ts');
}

/**
 * @param {string[]} entries
 * @param {Map<string, string>} declarations
 */
function reachable(entries, declarations) {
  const found = new Set(entries);
  for (const path of found) {
    for (const [, start = ''] of (declarations.get(path) ?? '').matchAll(neighbour)) {
      const name = start.replace(/.*['"]/s, '');
      const target = `${join(dirname(path), name).replaceAll('\\', '/')}.d.ts`;
      if (declarations.has(target)) found.add(target);
    }
  }
  return found;
}

/**
 * @param {import('typescript').Diagnostic} diagnostic
 * @returns {never}
 */
function fail({ file, start, messageText }) {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) throw new Error(text);
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  throw new Error(`${file.fileName}:${line + 1}:${character + 1} ${text}`);
}
