import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { PATIENCE_MS } from '../../../scripts/lib/patience.mjs';

/** `npm run dev` of a project, as in a terminal of its own. */
export class RunningDev implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #lines: string[] = [];
  readonly #output: Interface;
  readonly #closed: Promise<unknown>;

  constructor(folder: string) {
    this.#child = spawn('npm', ['run', 'dev'], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#output = createInterface(this.#child.stdout);
    for (const lines of [this.#output, createInterface(this.#child.stderr)]) {
      lines.on('line', (line) => this.#lines.push(line));
    }
  }

  get output(): string {
    return this.#lines.join('\n');
  }

  /** The line number `count` of those that match, as soon as it is there. */
  async line(pattern: RegExp, count = 1): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = this.#lines.flatMap((line) => {
        const match = pattern.exec(line);
        return match ? [match] : [];
      })[count - 1];
      if (found) return found;
      await once(this.#output, 'line', { signal }).catch((cause: unknown) => {
        throw new Error(`${pattern} was not written ${count} times:\n${this.output}`, { cause });
      });
    }
  }

  /** Ctrl+C, which a terminal tells the whole group. Resolves when nothing of it runs any more: what does holds its output open. */
  async interrupt(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGINT');
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt();
  }
}
