import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { consoleFile, layers, maxLines, scope } from './graph.mjs';

/**
 * @typedef {import('./workspace.mjs').Workspace} Workspace
 * @typedef {import('./workspace.mjs').WorkspacePackage} WorkspacePackage
 * @typedef {import('./workspace.mjs').SourceFile} SourceFile
 * @typedef {import('./read-file.mjs').ImportFact} ImportFact
 *
 * @typedef {object} Problem
 * @property {string} where `packages/core/src/index.ts:12`
 * @property {string} rule
 * @property {string} message
 */

/**
 * @typedef {object} Place
 * @property {Workspace} workspace
 * @property {WorkspacePackage} pkg
 * @property {SourceFile} file
 */

/**
 * Every breach of the rules in ARCHITECTURE.md.
 *
 * @param {Workspace} workspace
 * @returns {Problem[]}
 */
export function findProblems(workspace) {
  /** @type {Problem[]} */
  const problems = [];
  for (const pkg of workspace.packages) {
    if (pkg.folder.startsWith('packages/') && layerOf(pkg) === undefined) {
      problems.push({
        where: pkg.folder,
        rule: 'layers',
        message: 'has no place in the graph: add it to tooling/scripts/lib/layers/graph.mjs',
      });
    }
    for (const file of pkg.files) {
      const place = { workspace, pkg, file };
      for (const [rule, check] of Object.entries(fileRules)) {
        for (const { line, message } of check(place)) {
          problems.push({ where: `${pkg.folder}/${file.path}:${line}`, rule, message });
        }
      }
    }
    for (const cycle of importCycles(pkg)) {
      problems.push({
        where: `${pkg.folder}/${cycle[0]}`,
        rule: 'cycles',
        message: `imports itself: ${[...cycle, cycle[0]].join(' -> ')}`,
      });
    }
  }
  return problems;
}

/** @type {Record<string, (place: Place) => { line: number, message: string }[]>} */
const fileRules = {
  layers({ pkg, file }) {
    const layer = layerOf(pkg);
    if (layer === undefined || !isSource(file)) return [];
    return file.facts.imports.flatMap(({ specifier, kind, line }) => {
      const other = workspaceName(specifier);
      if (other === undefined || other === pkg.manifest.name.slice(scope.length)) return [];
      if (layer.imports.includes(other) || layer.imports.includes(specifier.slice(scope.length))) return [];
      if (layer.lazily?.includes(other)) {
        if (kind !== 'static') return [];
        return [{ line, message: `imports ${specifier} statically: load it by import()` }];
      }
      return [{ line, message: `must not import ${specifier}` }];
    });
  },

  dependencies({ workspace, pkg, file }) {
    const known = declaredDependencies(workspace, pkg, file);
    return file.facts.imports.flatMap(({ specifier, kind, line }) => {
      const name = packageName(specifier);
      if (name === undefined || isBuiltin(specifier) || name === pkg.manifest.name) return [];
      // `#name`: the package's own manifest says what it is.
      if (Object.hasOwn(pkg.manifest.imports ?? {}, specifier)) return [];
      if (known.has(name) || (kind === 'type' && known.has(`@types/${name}`))) return [];
      return [{ line, message: `imports ${name}, which ${pkg.folder}/package.json does not declare` }];
    });
  },

  'public entries'({ workspace, pkg, file }) {
    return file.facts.imports.flatMap(({ specifier, line }) => {
      if (specifier.startsWith('.')) {
        const target = posix.normalize(posix.join(pkg.folder, posix.dirname(file.path), specifier));
        const other = workspace.packages.find(({ folder }) => target.startsWith(`${folder}/`));
        if (other === undefined || other === pkg || !other.folder.startsWith('packages/')) return [];
        return [{ line, message: `reaches into ${other.folder}: import ${other.manifest.name}` }];
      }
      const other = workspace.packages.find(({ manifest }) => manifest.name === packageName(specifier));
      if (other === undefined) return [];
      const entry = `.${specifier.slice(other.manifest.name.length)}`;
      if (Object.hasOwn(other.manifest.exports ?? {}, entry)) return [];
      return [{ line, message: `${specifier} is not among the exports of ${other.manifest.name}` }];
    });
  },

  browser({ pkg, file }) {
    const browser = layerOf(pkg)?.browser;
    if (browser === undefined || !isSource(file)) return [];
    if (browser !== 'all' && !browser.some((pattern) => pattern.test(file.path))) return [];
    const imports = file.facts.imports
      .filter(({ specifier, kind }) => kind !== 'type' && isBuiltin(specifier))
      .map(({ specifier, line }) => ({ line, message: `imports ${specifier}, which no browser has` }));
    const globals = file.facts.globals.map(({ name, line }) => ({
      line,
      message: `uses ${name}, which no browser has`,
    }));
    return [...imports, ...globals];
  },

  'file size'({ file }) {
    const { lines } = file.facts;
    return lines <= maxLines
      ? []
      : [{ line: maxLines + 1, message: `has ${lines} lines, more than ${maxLines}` }];
  },

  console({ pkg, file }) {
    if (!pkg.folder.startsWith('packages/') || !isSource(file)) return [];
    if (`${pkg.folder}/${file.path}` === consoleFile) return [];
    return file.facts.consoleLines.map((line) => ({
      line,
      message: 'writes to the console: take a Logger, or write to a stream in a program',
    }));
  },
};

/** @param {WorkspacePackage} pkg */
function layerOf(pkg) {
  return pkg.manifest.name.startsWith(scope) ? layers[pkg.manifest.name.slice(scope.length)] : undefined;
}

/** @param {SourceFile} file */
function isSource(file) {
  return file.path.startsWith('src/');
}

/** @param {string} specifier */
function packageName(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** @param {string} specifier */
function workspaceName(specifier) {
  return specifier.startsWith(scope) ? specifier.slice(scope.length).split('/')[0] : undefined;
}

/**
 * What ships may import what is installed with it; tests and build files also what is installed to develop.
 *
 * @param {Workspace} workspace
 * @param {WorkspacePackage} pkg
 * @param {SourceFile} file
 */
function declaredDependencies({ root }, { manifest, folder }, file) {
  const shipped = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  };
  const ships = isSource(file) && !folder.startsWith('tooling/');
  return new Set(
    Object.keys(ships ? shipped : { ...shipped, ...manifest.devDependencies, ...root.devDependencies }),
  );
}

/**
 * Groups of files that import each other in a circle. Types are erased, and what is loaded lazily is loaded
 * after both files are there, so neither counts.
 *
 * @param {WorkspacePackage} pkg
 * @returns {string[][]}
 */
function importCycles({ files }) {
  const paths = new Set(files.map(({ path }) => path));
  const edges = new Map(
    files.map(({ path, facts }) => [
      path,
      facts.imports
        .filter(({ specifier, kind }) => kind === 'static' && specifier.startsWith('.'))
        .map(({ specifier }) => sourceOf(posix.join(posix.dirname(path), specifier), paths))
        .filter((target) => target !== undefined),
    ]),
  );
  /** @type {string[][]} */
  const cycles = [];
  const done = new Set();
  /** @type {(path: string, trail: string[]) => void} */
  const walk = (path, trail) => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push(trail.slice(start));
    if (start >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) walk(path, []);
  return cycles;
}

/**
 * @param {string} path As imported: ending in .js for a file that ends in .ts.
 * @param {ReadonlySet<string>} paths
 */
function sourceOf(path, paths) {
  return [path, path.replace(/\.([mc]?)js$/, '.$1ts')].find((candidate) => paths.has(candidate));
}
