import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder, withLock } from './cache.mjs';
import { run } from './command.mjs';

/**
 * A server of data that is built from its source. Each is one file, kept in the cache folder.
 *
 * @typedef {object} StoreProgram
 * @property {string} name The file, as on a PATH and as the kernel shows it.
 * @property {string} title
 * @property {string} source What `go install` takes.
 * @property {string} version
 * @property {string} effort How long it takes, for a sentence.
 */

/** @satisfies {Record<string, StoreProgram>} */
export const storePrograms = {
  s3: {
    name: 'versitygw',
    title: 'versitygw',
    source: 'github.com/versity/versitygw/cmd/versitygw',
    version: 'v1.8.0',
    effort: 'about a minute and a half',
  },
  minio: {
    name: 'minio',
    title: 'MinIO',
    source: 'github.com/minio/minio',
    version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
    effort: 'about 5 minutes of a processor',
  },
};

/**
 * The program, where it is on this machine already: in the cache folder, else on the PATH.
 *
 * @param {StoreProgram} program
 * @returns {string | undefined}
 */
export function findStoreProgram(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [cached(program), ...folders.map((folder) => join(folder, program.name))].find(existsSync);
}

/**
 * Builds the program into the cache folder, unless it is there. Never part of a run of tests, because it takes minutes.
 *
 * @param {StoreProgram} program
 * @param {(sentence: string) => void} onProgress
 * @returns {Promise<string>}
 * @throws Error that says in a sentence why it can't be had.
 */
export async function buildStoreProgram(program, onProgress) {
  const found = findStoreProgram(program);
  if (found !== undefined) return found;
  const { name, title, source, version, effort } = program;
  const go = await run('go', ['version']);
  if (!go.ok) throw new Error(`${title} is built from its source, which needs Go: ${go.tail}.`);
  const target = cached(program);
  return withLock(name, async () => {
    if (existsSync(target)) return target;
    onProgress(`Building ${title} into the cache folder: ${effort}, once.`);
    const unfinished = join(cacheFolder(), `${name}.unfinished`);
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    const env = { ...process.env, GOBIN: unfinished };
    const built = await run('go', ['install', '-ldflags', '-s -w', `${source}@${version}`], { env });
    if (!built.ok) throw new Error(`Go can't build ${title} ${version}: ${built.tail}.`);
    renameSync(join(unfinished, name), target);
    rmSync(unfinished, { recursive: true });
    return target;
  });
}

/** @param {StoreProgram} program */
function cached({ name, version }) {
  const folder = join(cacheFolder(), 'stores');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}-${version}`);
}
