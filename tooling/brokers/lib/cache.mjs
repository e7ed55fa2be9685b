import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';

/**
 * The folder that holds everything this tooling keeps between runs. Made when missing.
 *
 * @returns {string}
 */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = resolve(process.env.INTERSECT_CACHE_DIR || join(base, 'intersect-sdk'));
  mkdirSync(folder, { recursive: true });
  return realpathSync(folder);
}

/**
 * Removes a folder and all in it, unless something is mounted there: deleting through a mount
 * would reach files outside the folder.
 *
 * @param {string} folder
 * @throws Error when something is mounted at or below the folder; nothing is deleted then.
 */
export function removeFolder(folder) {
  const mounted = mountPointsBelow(folder);
  if (mounted.length > 0) {
    throw new Error(`${folder} is not removed: ${mounted.join(', ')} is mounted there. Unmount it first.`);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** @param {string} folder */
function mountPointsBelow(folder) {
  let mounts;
  try {
    mounts = readFileSync('/proc/mounts', 'utf8');
  } catch {
    return [];
  }
  const top = resolve(folder);
  return mounts
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replace(/\\([0-7]{3})/g, (_, code) => octal(code)))
    .filter((point) => point === top || point.startsWith(top + sep));
}

/** @param {string} code */
function octal(code) {
  return String.fromCharCode(Number.parseInt(code, 8));
}

/**
 * Runs `work` while no other process of this machine runs work under the same name. The lock is the
 * kernel's, held by a child that ends with this process, so none is ever left behind. Where there is
 * no `flock` command, the work runs unlocked.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const file = join(cacheFolder(), `${name}.lock`);
  const holder = spawn('flock', ['-x', file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = once(holder, 'exit').catch(() => undefined);
  await Promise.race([once(holder.stdout, 'data').catch(() => undefined), ended]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
