import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, removeFolder, withLock } from '../../brokers/lib/cache.mjs';
import { run } from '../lib/run.mjs';

const node = `npm:node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** What every check tries: the oldest that is promised and the newest there is. */
export const promised = {
  'node-20': `${node}@20.19.0`,
  'node-22': `${node}@22.23.3`,
  'node-24': `${node}@24.21.0`,
  'typescript-oldest': 'npm:typescript@5.4.5',
  'typescript-newest': 'npm:typescript@7.0.2',
  'jest-29': 'npm:jest@29.7.0',
};

/** What else people use. */
export const others = {
  'jest-30': 'npm:jest@30.5.2',
  vite: '8.3.8',
  webpack: '5.113.0',
  esbuild: '0.28.2',
  bun: '1.4.5',
  deno: '2.9.6',
};

/**
 * The folder in which these tools are installed, each under its own name in `node_modules`. They are installed once and
 * kept in the cache folder.
 *
 * @param {Record<string, string>} tools
 */
export async function toolsFolder(tools) {
  const text = JSON.stringify({ private: true, dependencies: tools });
  const name = `tools-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  const folder = join(cacheFolder(), name);
  await withLock(name, async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.unfinished`;
    removeFolder(unfinished);
    mkdirSync(unfinished);
    writeFileSync(join(unfinished, 'package.json'), text);
    await npmInstall(unfinished);
    renameSync(unfinished, folder);
  });
  return folder;
}

/** @param {string} folder */
export async function npmInstall(folder) {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const { code, output } = await run('npm', ['install', ...quiet], {
    cwd: folder,
    capture: true,
    env: process.env,
  });
  if (code !== 0) throw new Error(`npm could not install ${folder}:\n${output}`);
}
