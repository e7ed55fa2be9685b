import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publicEntries } from '../lib/public-entries.mjs';
import { root } from '../lib/root.mjs';
import { npmInstall } from './tools.mjs';

const programs = fileURLToPath(new URL('fixtures/consumer', import.meta.url));
const scope = '@intersect-sdk';
// The first needs vitest at hand, which is no CommonJS and belongs to a test run; the second is not published by itself; the last is
// installed by nobody, and has a test of its own.
const withoutThese = ['conformance', 'console', 'create-intersect'];

/**
 * A project outside the workspace with the packed packages installed, as npm installs them for anybody, and the programs
 * of `fixtures/consumer` in it. `npm run check` has packed them.
 *
 * @returns {Promise<string>} Its folder, which goes when this process ends.
 */
export async function makeConsumer() {
  const folder = mkdtempSync(join(tmpdir(), 'intersect-consumer-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const names = readdirSync(join(root, 'packages')).filter((name) => !withoutThese.includes(name));
  const dependencies = Object.fromEntries(names.map((name) => [`${scope}/${name}`, `file:${packed(name)}`]));
  writeJson(join(folder, 'package.json'), {
    private: true,
    dependencies: { ...dependencies, '@types/node': '20.19.43' },
  });
  await npmInstall(folder);
  cpSync(programs, folder, { recursive: true });
  writeJson(join(folder, 'entries.json'), names.flatMap(entriesOf));
  for (const [kind, type] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ]) {
    const own = join(folder, String(kind));
    mkdirSync(own);
    writeJson(join(own, 'package.json'), { type });
    cpSync(join(programs, 'conversation.ts'), join(own, 'conversation.ts'));
  }
  return folder;
}

/** @param {string} name */
function packed(name) {
  const folder = join(root, 'packages', name, 'packed');
  const [tarball] = readdirSync(folder);
  if (tarball === undefined)
    throw new Error(`${basename(folder)} of ${name} is empty; \`npm run check\` packs it.`);
  return join(folder, tarball);
}

/** @param {string} name */
function entriesOf(name) {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  return publicEntries(name, exports)
    .map((entry) => `${scope}/${entry.name}`)
    .filter((entry) => !entry.endsWith('/cli'));
}

/** @param {string} file @param {unknown} value */
function writeJson(file, value) {
  writeFileSync(file, JSON.stringify(value));
}
