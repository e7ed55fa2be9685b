import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, run } from './command.mjs';
import { waitUntilReady } from './probes.mjs';
import { findDescendant, identify, isAlive, signalProcess } from './process-identity.mjs';
import { startDeadlineMs } from './settings.mjs';

/** @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity */

/**
 * @typedef {object} JailedCommand
 * @property {string} what Its name in sentences.
 * @property {string} root
 * @property {string} data The folder that the broker sees as /srv; its log goes there too.
 * @property {string} user
 * @property {string[]} command
 * @property {Record<string, string>} env
 * @property {string} program The process that is the broker itself, as the kernel names it.
 * @property {import('./probes.mjs').Probe[]} probes
 * @property {boolean} attached Whether it ends with this process, however this one ends.
 */

const jail = fileURLToPath(new URL('jail.sh', import.meta.url));
const logName = 'broker.log';
const orderlyEndMs = 20_000;

/** One broker in a Debian root, that can be ended and started again with the same data. */
export class JailedProcess {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Promise<unknown>} */
  #ended = Promise.resolve();
  /** @type {ProcessIdentity | undefined} */
  #broker;
  #command;

  /** @param {JailedCommand} command */
  constructor(command) {
    this.#command = command;
  }

  /** The broker itself, while it runs. */
  get pid() {
    return this.#broker && isAlive(this.#broker) ? this.#broker.pid : undefined;
  }

  /** What the development set keeps, to end it later from another process. */
  get record() {
    const outermost = this.#child?.pid === undefined ? undefined : identify(this.#child.pid);
    return { provider: /** @type {const} */ ('debian'), broker: this.#broker, outermost };
  }

  /**
   * @returns {Promise<void>} when the broker answers.
   * @throws Error with the end of the broker's log.
   */
  async start() {
    if (this.#child !== undefined) throw new Error(`${this.#command.what} is running already.`);
    const { root, data, user, attached, command, env, program, probes, what } = this.#command;
    const log = openSync(join(data, logName), 'a');
    const child = spawn(
      'unshare',
      [
        ...['--mount', '--pid', '--fork', '--kill-child=SIGKILL'],
        ...['sh', jail, root, data, user, attached ? 'attached' : 'detached', ...command],
      ],
      // A process group of its own: an interrupt from the keyboard is for the starter alone.
      {
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/srv', ...env },
        stdio: [attached ? 'pipe' : 'ignore', log, log],
        detached: true,
      },
    );
    closeSync(log);
    this.#child = child;
    const tooEarly = new AbortController();
    this.#ended = once(child, 'exit').then(
      () => tooEarly.abort(),
      () => tooEarly.abort(),
    );
    child.unref();
    /** @type {import('node:net').Socket | null} */ (child.stdin)?.unref();
    try {
      await waitUntilReady(probes, { timeoutMs: startDeadlineMs, signal: tooEarly.signal });
      this.#broker = child.pid === undefined ? undefined : findDescendant(child.pid, program);
      // Something else on its ports may have answered in its place.
      if (this.#broker === undefined) throw new Error(`${what} is not running.`);
    } catch (cause) {
      const why = tooEarly.signal.aborted
        ? 'it ended'
        : `it did not answer within ${startDeadlineMs / 1000} s`;
      const tail = this.#logTail();
      await this.kill();
      throw new Error(`${what} did not come up: ${why}. The end of its log:\n${tail}`, { cause });
    }
  }

  /** Ends it as a crash would, at once and without a farewell. */
  async kill() {
    if (this.#broker === undefined || !signalProcess(this.#broker, 'SIGKILL')) this.#child?.kill('SIGKILL');
    await this.#over();
  }

  /** Asks it to end, and insists after 20 s. */
  async stop() {
    if (this.#broker !== undefined && signalProcess(this.#broker, 'SIGTERM')) {
      const insist = setTimeout(() => this.#child?.kill('SIGKILL'), orderlyEndMs);
      await this.#ended;
      clearTimeout(insist);
    }
    this.#child?.kill('SIGKILL');
    await this.#over();
  }

  /**
   * Runs a program of the Debian root beside the broker, as its user, and resolves with what it wrote.
   *
   * @param {string[]} command
   */
  async runBeside(command) {
    const { user, env, what } = this.#command;
    const { pid } = this;
    if (pid === undefined) throw new Error(`${what} is not running.`);
    const inside = ['--target', String(pid), '--mount', '--pid', '--root', '--wd=/'];
    const args = [...inside, '--', 'chroot', `--userspec=${user}`, '/', ...command];
    // Debian's own rabbitmqctl is a script that looks for the broker's secret in the wrong folder.
    const path = '/usr/lib/rabbitmq/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const result = await run('nsenter', args, { env: { PATH: path, LANG: 'C.UTF-8', HOME: '/srv', ...env } });
    if (!result.ok) throw new Error(`${command.join(' ')} failed: ${result.tail}`);
    return result.output;
  }

  /** Ends it for good; removing the data is for who made the folder. */
  release() {
    return this.kill();
  }

  async #over() {
    this.#child?.ref();
    await this.#ended;
    this.#child = undefined;
    this.#broker = undefined;
  }

  #logTail() {
    try {
      return lastLines(readFileSync(join(this.#command.data, logName), 'utf8'), 30);
    } catch {
      return '(no log)';
    }
  }
}
