import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts } from './read-file.mjs';

/**
 * @typedef {import('./read-file.mjs').FileFacts} FileFacts
 *
 * @typedef {object} SourceFile
 * @property {string} path Below the package's folder, with `/`.
 * @property {FileFacts} facts
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, unknown>} [imports]
 *
 * @typedef {object} WorkspacePackage
 * @property {string} folder Below the root, with `/`.
 * @property {Manifest} manifest
 * @property {SourceFile[]} files
 *
 * @typedef {object} Workspace
 * @property {WorkspacePackage[]} packages
 * @property {Manifest} root
 */

const groups = ['packages', 'apps', 'tooling'];
const codeFolders = ['src', 'test', 'lib'];
const code = /\.(ts|mts|cts|mjs|js)$/;
const left = /(^|\/)(node_modules|dist|fixtures|etc|temp)(\/|$)/;

/**
 * @param {string} root
 * @returns {Workspace}
 */
export function readWorkspace(root) {
  const folders = groups.flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${group}/${entry.name}`),
  );
  const rootManifest = readManifest(root, '.');
  return {
    root: rootManifest,
    packages: folders.map((folder) => ({
      folder,
      manifest: existsSync(join(root, folder, 'package.json'))
        ? readManifest(root, folder)
        : { name: folder },
      files: codeFiles(join(root, folder)).map((path) => ({
        path,
        facts: readFacts(path, readFileSync(join(root, folder, path), 'utf8')),
      })),
    })),
  };
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {Manifest}
 */
function readManifest(root, folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** @param {string} folder */
function codeFiles(folder) {
  const top = readdirSync(folder).filter((name) => code.test(name));
  const below = codeFolders
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) =>
      readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${name}/${path.replaceAll('\\', '/')}`,
      ),
    );
  return [...top, ...below].filter((path) => code.test(path) && !left.test(path));
}
