import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithParent, endWithThisProcess } from './run.mjs';

const orderlyEndMs = 60_000;

/** A Node program that runs beside this one, and never longer. */
export class Program {
  /** @type {string[]} */
  #lines = [];
  /** @type {Set<(line: string) => void>} */
  #listeners = new Set();
  #child;
  #name;
  /** @type {Promise<number>} The exit code. */
  ended;

  /**
   * @param {string | URL} file
   * @param {{ name: string, args?: string[], env?: Record<string, string>, cwd?: string, show?: (line: string) => void }}
   *   options `show` gets each line that it writes, of either stream.
   */
  constructor(file, { name, args = [], env = {}, cwd, show = () => {} }) {
    this.#name = name;
    const path = file instanceof URL ? fileURLToPath(file) : file;
    this.#child = spawn(process.execPath, ['--import', endWithParent, path, ...args], {
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    endWithThisProcess(this.#child);
    this.ended = once(this.#child, 'close').then(([code]) => code ?? 1);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => {
        this.#lines.push(line);
        show(line);
        for (const listener of this.#listeners) listener(line);
      });
    }
  }

  /** What it has written so far. */
  get output() {
    return this.#lines.join('\n');
  }

  /**
   * @param {RegExp} pattern
   * @param {AbortSignal} signal
   * @returns {Promise<RegExpExecArray>} when it writes a line that matches, or has written one.
   * @throws Error when it ends or the signal aborts before.
   */
  async line(pattern, signal) {
    for (const line of this.#lines) {
      const match = pattern.exec(line);
      if (match) return match;
    }
    /** @type {(line: string) => void} */
    let listener = () => {};
    /** @type {() => void} */
    let onAbort = () => {};
    /** @type {Promise<RegExpExecArray>} */
    const found = new Promise((resolve, reject) => {
      listener = (line) => {
        const match = pattern.exec(line);
        if (match) resolve(match);
      };
      this.#listeners.add(listener);
      const fail = (/** @type {string} */ what) =>
        reject(new Error(`The ${this.#name} ${what} before it wrote ${pattern}.\n${this.output}`));
      onAbort = () => fail('took too long');
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      void this.ended.then((code) => fail(`ended with exit code ${code}`));
    });
    try {
      return await found;
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Asks it to end, and makes it when it doesn't. */
  async stop() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), orderlyEndMs);
      await this.ended;
      clearTimeout(timer);
    }
    return this.ended;
  }

  /** Ends it as a crash would. Resolves when it is gone. */
  async kill() {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
  }
}
