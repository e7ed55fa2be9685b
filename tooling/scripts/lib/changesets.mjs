import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const source = /^packages\/([^/]+)\/src\//;

/**
 * The published packages whose sources changed and that no changeset names: on a branch since it left `main`, on
 * `main` since the last release. Needs no remote.
 *
 * @param {string} root
 * @returns {{ since: string, packages: string[] }}
 */
export function packagesWithoutChangeset(root) {
  const base = findBase(root);
  const changed = changedFiles(root, base.commit);
  const folders = new Set(changed.flatMap((file) => source.exec(file)?.[1] ?? []));
  const named = new Set(changed.filter(isChangeset).flatMap((file) => namesIn(join(root, file))));
  const packages = [...folders].flatMap((folder) => publishedName(root, folder) ?? []);
  return { since: base.name, packages: packages.filter((name) => !named.has(name)).sort() };
}

/** @param {string} file */
function isChangeset(file) {
  return /^\.changeset\/[^/]+\.md$/.test(file) && file !== '.changeset/README.md';
}

/**
 * @param {string} root
 * @returns {{ commit: string, name: string }}
 */
function findBase(root) {
  for (const main of ['origin/main', 'main']) {
    const fork = git(root, ['merge-base', 'HEAD', main]);
    const head = git(root, ['rev-parse', 'HEAD']);
    if (fork !== undefined && fork !== head) return { commit: fork, name: 'it left main' };
  }
  // A release is the commit that turns changesets into changelogs.
  const release = git(root, ['log', '-1', '--format=%H', '--', 'packages/*/CHANGELOG.md']);
  return release
    ? { commit: release, name: 'the last release' }
    : { commit: emptyTree, name: 'the beginning' };
}

/**
 * @param {string} root
 * @param {string} base
 */
function changedFiles(root, base) {
  const tracked = git(root, ['diff', '--name-only', base]);
  if (tracked === undefined) throw new Error(`git can't compare with ${base}`);
  const untracked = git(root, ['ls-files', '--others', '--exclude-standard']) ?? '';
  return [...tracked.split('\n'), ...untracked.split('\n')].filter((file) => file !== '');
}

/** @param {string} file */
function namesIn(file) {
  if (!existsSync(file)) return [];
  const [, frontMatter = ''] = /^---\n(.*?)\n---/s.exec(readFileSync(file, 'utf8')) ?? [];
  return [...frontMatter.matchAll(/^["']?([^"':]+)["']?\s*:/gm)].map(([, name]) => name ?? '');
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string | undefined}
 */
function publishedName(root, folder) {
  if (!readdirSync(join(root, 'packages')).includes(folder)) return undefined;
  const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
  return manifest.private ? undefined : manifest.name;
}

/**
 * @param {string} root
 * @param {string[]} args
 * @returns {string | undefined} What git says; undefined when it fails.
 */
function git(root, args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
