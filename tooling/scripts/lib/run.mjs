import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { watchNpm } from './npm-watch.mjs';
import { root, workspaceEnv } from './root.mjs';

const windows = process.platform === 'win32';
const patienceMs = 10_000;

/**
 * @typedef {object} RunOptions
 * @property {boolean} [capture] Keeps the output instead of showing it.
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {boolean} [tied] Gives a Node program a channel by which it notices that this process is gone: with
 *   `--import` of `endWithParent`.
 */

/** To be loaded before a Node program that must not outlive the one that started it. */
export const endWithParent = new URL('end-with-parent.mjs', import.meta.url).href;

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
/** @type {NodeJS.Signals | undefined} */
let interruptedBy;

/**
 * Runs a command of the workspace to its end. It gets a process group of its own, and an interrupt of this process
 * ends the whole group before this process ends by the same signal.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} The exit code, 127 when the command can't be started; what it
 *   wrote, when captured.
 */
export async function run(command, args, options = {}) {
  const { capture = false, env = workspaceEnv(), cwd = root, tied = false } = options;
  const shown = capture ? 'pipe' : 'inherit';
  const child = spawn(command, args, {
    cwd,
    env,
    detached: !windows,
    shell: windows,
    stdio: ['ignore', shown, shown, ...(tied ? [/** @type {const} */ ('ipc')] : [])],
  });
  endWithThisProcess(child);
  const chunks = /** @type {Buffer[]} */ ([]);
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  const end = await once(child, 'close').catch((error) => {
    chunks.push(Buffer.from(`${error.message}\n`));
    return [127, null];
  });
  // The handler below ends this process; nothing that waits for the command may go on meanwhile.
  if (interruptedBy !== undefined) await new Promise(() => {});
  const [code, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (end);
  return {
    code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
    output: Buffer.concat(chunks).toString(),
  };
}

/**
 * Makes an interrupt of this process end a child first, with all that the child started.
 *
 * @param {import('node:child_process').ChildProcess} child Started with `detached: true`, so that it leads a group.
 */
export function endWithThisProcess(child) {
  watchForInterrupts();
  children.add(child);
  child.once('close', () => children.delete(child));
}

let watching = false;

function watchForInterrupts() {
  if (watching) return;
  watching = true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => interrupt(signal));
  }
  watchNpm(() => interrupt('SIGTERM'));
}

/** @param {NodeJS.Signals} signal */
function interrupt(signal) {
  if (interruptedBy !== undefined) return;
  interruptedBy = signal;
  void endAll(signal);
}

/** @param {NodeJS.Signals} signal */
async function endAll(signal) {
  const running = [...children];
  const ends = Promise.all(running.map((child) => once(child, 'close')));
  for (const child of running) signalGroup(child, signal);
  const timer = setTimeout(() => {
    for (const child of running) signalGroup(child, 'SIGKILL');
  }, patienceMs);
  await ends;
  clearTimeout(timer);
  process.exit(128 + constants.signals[signal]);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(windows ? child.pid : -child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}
