import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { packagesWithoutChangeset } from '../../lib/changesets.mjs';

/** A repository with two published packages and a private one, its first commit already released. */
function repository() {
  const root = mkdtempSync(join(tmpdir(), 'intersect-changesets-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const commit = (message: string) => {
    git('add', '.');
    git(
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@example.org',
      'commit',
      '-q',
      '--no-gpg-sign',
      '-m',
      message,
    );
  };
  git('init', '-q', '-b', 'main');
  for (const name of ['core', 'client', 'hidden']) {
    write(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@x/${name}`, private: name === 'hidden' }),
    );
    write(`packages/${name}/src/index.ts`, 'first');
  }
  write('.changeset/config.json', '{}');
  return { root, git, write, commit, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

const changeset = (...names: string[]) =>
  `---\n${names.map((name) => `"${name}": minor`).join('\n')}\n---\n\nNews.\n`;

test('before the first release every package needs to be named once', () => {
  using repo = repository();
  repo.commit('first');
  expect(packagesWithoutChangeset(repo.root)).toEqual({
    since: 'the beginning',
    packages: ['@x/client', '@x/core'],
  });
  repo.write('.changeset/a.md', changeset('@x/core'));
  expect(packagesWithoutChangeset(repo.root).packages).toEqual(['@x/client']);
  repo.write('.changeset/b.md', changeset('@x/client'));
  expect(packagesWithoutChangeset(repo.root).packages).toEqual([]);
});

test('on main, what changed since the last release counts', () => {
  using repo = repository();
  repo.write('packages/core/CHANGELOG.md', 'released');
  repo.commit('release');
  expect(packagesWithoutChangeset(repo.root)).toEqual({ since: 'the last release', packages: [] });
  repo.write('packages/core/src/index.ts', 'second');
  repo.write('packages/hidden/src/index.ts', 'second');
  repo.write('packages/client/test/a.ts', 'new');
  expect(packagesWithoutChangeset(repo.root).packages).toEqual(['@x/core']);
});

test('on a branch, only its own changes and changesets count', () => {
  using repo = repository();
  repo.write('.changeset/a.md', changeset('@x/core', '@x/client'));
  repo.commit('first');
  repo.git('switch', '-q', '-c', 'feature');
  expect(packagesWithoutChangeset(repo.root).packages).toEqual([]);
  repo.write('packages/core/src/index.ts', 'second');
  repo.commit('change');
  expect(packagesWithoutChangeset(repo.root)).toEqual({ since: 'it left main', packages: ['@x/core'] });
  repo.write('.changeset/b.md', changeset('@x/core'));
  expect(packagesWithoutChangeset(repo.root).packages).toEqual([]);
});
