import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAST_WORDS = 4_000;
const PATIENCE_MS = 120_000;

/**
 * @typedef {object} WorkerOptions
 * @property {object} [settings] What the program gets from `settings()`.
 * @property {readonly string[]} [flags] Of the interpreter, before the program.
 * @property {string} [interpreter] Default: this Node.
 * @property {readonly string[]} [args]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** A measured program: runs in a process of its own, and takes commands (`commands.mjs`). */
export class Worker {
  #child;
  /** @type {AsyncIterator<string>} */
  #lines;
  #name;
  #errors = '';

  /**
   * @param {URL} program
   * @param {WorkerOptions} [options]
   */
  constructor(program, options = {}) {
    const { settings = {}, flags = [], interpreter = process.execPath, args = [], env = {} } = options;
    const path = fileURLToPath(program);
    this.#name = path.slice(path.lastIndexOf('/', path.lastIndexOf('/') - 1) + 1);
    this.#child = spawn(interpreter, [...flags, path, ...args], {
      env: { ...process.env, INTERSECT_BENCH: JSON.stringify(settings), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-LAST_WORDS);
    });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /**
   * Resolves when the program can be used.
   *
   * @param {URL} program
   * @param {WorkerOptions} [options]
   */
  static async start(program, options) {
    const worker = new Worker(program, options);
    await worker.line();
    return worker;
  }

  /**
   * The program's next line. Throws with its last words when it ended instead.
   *
   * @returns {Promise<any>}
   */
  async line() {
    const patience = new AbortController();
    const tooLong = timeout(PATIENCE_MS, patience.signal).then(() => {
      throw new Error(`${this.#name} has said nothing for ${PATIENCE_MS / 1000} s.\n${this.#errors}`);
    });
    try {
      const { value, done } = await Promise.race([this.#lines.next(), tooLong]);
      if (done) throw new Error(`${this.#name} ended too early.\n${this.#errors}`);
      const said = JSON.parse(value);
      if (said.error) throw new Error(`${this.#name}: ${said.error}`);
      return said;
    } finally {
      patience.abort();
    }
  }

  /**
   * @param {string} command
   * @param {object} [options]
   * @returns {Promise<any>} What the program answers.
   */
  async ask(command, options = {}) {
    this.#child.stdin.write(`${JSON.stringify({ command, ...options })}\n`);
    return (await this.line()).result;
  }

  /** Lets it say goodbye to its broker, and resolves when it is gone. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
  }
}

/**
 * Runs a program for as long as it is used.
 *
 * @template T
 * @param {Worker} worker
 * @param {(worker: Worker) => Promise<T>} use
 */
export async function using(worker, use) {
  try {
    return await use(worker);
  } finally {
    await worker.stop();
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>} Never settles when the signal aborts first.
 */
function timeout(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
