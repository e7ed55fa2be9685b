import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines } from './command.mjs';
import { waitUntilReady } from './probes.mjs';
import { identify } from './process-identity.mjs';
import { startDeadlineMs } from './settings.mjs';

/**
 * @typedef {object} PlainCommand
 * @property {string} what Its name in sentences.
 * @property {string} file
 * @property {string[]} args
 * @property {Record<string, string>} env
 * @property {string} folder For its log.
 * @property {import('./probes.mjs').Probe[]} probes
 * @property {boolean} attached Whether it ends with this process, however this one ends.
 */

const logName = 'store.log';
const orderlyEndMs = 20_000;
const setpriv = '/usr/bin/setpriv';

/** A server that is one process and needs nothing around it. It can be ended and started again with the same data. */
export class PlainProcess {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Promise<unknown>} */
  #ended = Promise.resolve();
  #command;

  /** @param {PlainCommand} command */
  constructor(command) {
    this.#command = command;
  }

  /** While it runs. */
  get pid() {
    return this.#child?.pid;
  }

  /** What the development set keeps, to end it later from another process. */
  get record() {
    const it = this.pid === undefined ? undefined : identify(this.pid);
    return { provider: /** @type {const} */ ('process'), broker: it, outermost: it };
  }

  /**
   * @returns {Promise<void>} when it answers.
   * @throws Error with the end of its log.
   */
  async start() {
    const { what, file, args, env, folder, probes, attached } = this.#command;
    if (this.#child !== undefined) throw new Error(`${what} is running already.`);
    mkdirSync(folder, { recursive: true });
    const log = openSync(join(folder, logName), 'a');
    // The kernel ends it when this process is gone. Where it can't, an orderly end of this process does.
    const tie = attached && existsSync(setpriv) ? [setpriv, '--pdeathsig', 'KILL', '--'] : [];
    const [program = file, ...all] = [...tie, file, ...args];
    const child = spawn(program, all, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      stdio: ['ignore', log, log],
      // A process group of its own: an interrupt from the keyboard is for the starter alone.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    const endIt = () => child.kill('SIGKILL');
    if (attached) process.once('exit', endIt);
    const tooEarly = new AbortController();
    const onEnd = () => {
      process.off('exit', endIt);
      tooEarly.abort();
    };
    this.#ended = once(child, 'exit').then(onEnd, onEnd);
    child.unref();
    try {
      await waitUntilReady(probes, { timeoutMs: startDeadlineMs, signal: tooEarly.signal });
      // Something else on its port may have answered in its place.
      if (tooEarly.signal.aborted) throw new Error(`${what} is not running.`);
    } catch (cause) {
      const why = tooEarly.signal.aborted
        ? 'it ended'
        : `it did not answer within ${startDeadlineMs / 1000} s`;
      const tail = lastLines(readFileSync(join(folder, logName), 'utf8'), 30);
      await this.kill();
      throw new Error(`${what} did not come up: ${why}. The end of its log:\n${tail}`, { cause });
    }
  }

  /** Ends it as a crash would, at once and without a farewell. */
  async kill() {
    this.#child?.kill('SIGKILL');
    await this.#over();
  }

  /** Asks it to end, and insists after 20 s. */
  async stop() {
    const child = this.#child;
    child?.kill('SIGTERM');
    const insist = setTimeout(() => child?.kill('SIGKILL'), orderlyEndMs);
    await this.#over();
    clearTimeout(insist);
  }

  /** Ends it for good; removing the data is for who made the folder. */
  release() {
    return this.kill();
  }

  async #over() {
    this.#child?.ref();
    await this.#ended;
    this.#child = undefined;
  }
}
