import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheFolder, removeFolder } from './cache.mjs';
import { identify, isAlive } from './process-identity.mjs';
import { host } from './settings.mjs';

/**
 * A temporary folder together with a block of ports that no other run uses as long as the folder is there:
 * the folder's name is the first port, and making a folder succeeds once only.
 *
 * @typedef {object} RunFolder
 * @property {string} path
 * @property {number} firstPort
 */

// Below the range from which systems take ports for outgoing connections: a client that tries again and
// again to reach a broker that is down must not get the broker's own port as its side of the connection.
const lowest = 20_000;
const highest = 32_000;
const portsPerFolder = 16;
const unclaimedAgeMs = 60_000;

/** @returns {Promise<RunFolder>} */
export async function reserveRunFolder() {
  const parent = join(cacheFolder(), 'run');
  mkdirSync(parent, { recursive: true });
  sweep(parent);
  const blocks = (highest - lowest) / portsPerFolder;
  const start = Math.floor(Math.random() * blocks);
  for (let step = 0; step < blocks; step++) {
    const firstPort = lowest + ((start + step) % blocks) * portsPerFolder;
    const path = join(parent, String(firstPort));
    if (!claim(path)) continue;
    if (await allFree(firstPort)) return { path, firstPort };
    rmSync(path, { recursive: true });
  }
  throw new Error(
    `No ${portsPerFolder} free ports in a row between ${lowest} and ${highest}: stop some brokers.`,
  );
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** @param {number} firstPort */
async function allFree(firstPort) {
  for (let offset = 0; offset < portsPerFolder; offset++)
    if (!(await isFree(firstPort + offset))) return false;
  return true;
}

/** @param {string} path */
function claim(path) {
  try {
    mkdirSync(path, { mode: 0o711 });
  } catch {
    return false;
  }
  writeFileSync(join(path, 'owner.json'), JSON.stringify(identify(process.pid)));
  return true;
}

/**
 * Removes what processes left behind that could not clean up.
 *
 * @param {string} parent
 */
function sweep(parent) {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    try {
      if (isAbandoned(path)) removeFolder(path);
    } catch {
      // Another process sweeps the same folder, or something is mounted there: not ours to insist.
    }
  }
}

/** @param {string} path */
function isAbandoned(path) {
  try {
    return !isAlive(JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8')));
  } catch {
    // Claimed a moment ago, or the claimer died in between.
    return Date.now() - statSync(path).mtimeMs > unclaimedAgeMs;
  }
}
