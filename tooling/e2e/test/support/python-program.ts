import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { StoreEndpoints } from '@intersect-sdk/test-brokers';

/** Where a Python program finds its broker. */
export interface PythonBroker {
  readonly protocol: 'mqtt5.0' | 'amqp0.9.1';
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface PythonProgramOptions {
  readonly interpreter: string;
  /** A file in the folder `python`. */
  readonly script: string;
  readonly broker: PythonBroker;
  readonly args?: Readonly<Record<string, string>>;
  /** Its data store. */
  readonly store?: StoreEndpoints;
}

const folder = new URL('../../python/', import.meta.url);
const PATIENCE_MS = 40_000;
const LAST_WORDS = 2_000;

/** A program of the Python SDK that writes lines of JSON, running beside this one and never longer. */
export class PythonProgram implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #output: Interface;
  readonly #lines: string[] = [];
  readonly #ended = new AbortController();
  #errors = '';

  constructor({ interpreter, script, broker, args = {}, store }: PythonProgramOptions) {
    const { protocol, url, username, password } = broker;
    const { hostname, port } = new URL(url);
    const options = Object.entries({ protocol, host: hostname, port, username, ...args });
    this.#child = spawn(
      interpreter,
      [fileURLToPath(new URL(script, folder)), ...options.flatMap(([name, value]) => [`--${name}`, value])],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, BROKER_PASSWORD: password, ...(store && { DATA_STORES: configured(store) }) },
      },
    );
    this.#child.stderr.on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-LAST_WORDS);
    });
    this.#child.once('exit', () => this.#ended.abort());
    this.#output = createInterface(this.#child.stdout);
    this.#output.on('line', (line) => this.#lines.push(line));
  }

  write(value: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`);
  }

  /** All that it has written, as soon as that is `count` lines. Throws with its last words when it ends before. */
  async lines(count: number): Promise<unknown[][]> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(PATIENCE_MS)]);
    while (this.#lines.length < count) {
      await once(this.#output, 'line', { signal }).catch((cause: unknown) => {
        const came = this.#lines.join('\n');
        throw new Error(`${this.#lines.length} of ${count} lines came:\n${came}\n${this.#errors}`, { cause });
      });
    }
    return this.#lines.map((line) => JSON.parse(line) as unknown[]);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    // The reference can hang at its end.
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    this.#child.stdin.end();
    await exited;
    clearTimeout(patience);
  }
}

/** As a configuration of the Python SDK has it. */
function configured({ url, username, password }: StoreEndpoints): string {
  const { protocol, hostname, port } = new URL(url);
  const host = `${protocol}//${hostname}`;
  return JSON.stringify({ minio: [{ host, port: Number(port), username, password }] });
}
