import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} ProcessIdentity
 * @property {number} pid
 * @property {string} started The boot and the moment in it when the process began: a number that was
 *   used again for another process has another one.
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined} undefined when there is no such process.
 */
export function identify(pid) {
  if (!existsSync('/proc/self/stat')) return identifyByNumber(pid);
  const fields = statFields(pid);
  if (fields === undefined || fields.state === 'Z') return undefined;
  return { pid, started: `${bootId()}:${fields.startTime}` };
}

/**
 * For systems without /proc, where the number is all there is.
 *
 * @param {number} pid
 */
function identifyByNumber(pid) {
  try {
    process.kill(pid, 0);
    return { pid, started: 'unknown' };
  } catch {
    return undefined;
  }
}

/** @param {ProcessIdentity} identity */
export function isAlive(identity) {
  return identify(identity.pid)?.started === identity.started;
}

/**
 * Sends a signal to exactly that process, never to another one that got its number later.
 *
 * @param {ProcessIdentity} identity
 * @param {NodeJS.Signals} signal
 * @returns {boolean} Whether the process was there.
 */
export function signalProcess(identity, signal) {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * The descendant of a process that runs the named program.
 *
 * @param {number} ancestor
 * @param {string} program As the kernel shows it, at most 15 characters.
 * @returns {ProcessIdentity | undefined}
 */
export function findDescendant(ancestor, program) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .flatMap((pid) => {
      const fields = statFields(pid);
      return fields === undefined ? [] : [{ pid, ...fields }];
    });
  const family = new Set([ancestor]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const found = all.find(({ pid, name }) => family.has(pid) && name === program);
  return found && identify(found.pid);
}

/** @param {number} pid */
function statFields(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name stands in parentheses and may hold spaces and parentheses itself.
  const end = text.lastIndexOf(')');
  const name = text.slice(text.indexOf('(') + 1, end);
  const [state, parent, ...rest] = text.slice(end + 2).split(' ');
  return { name, state, parent: Number(parent), startTime: rest[17] };
}

function bootId() {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
