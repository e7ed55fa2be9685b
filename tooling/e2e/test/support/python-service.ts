import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { IntersectClient } from '@intersect-sdk/client';
import { isIntersectError } from '@intersect-sdk/core';

/** Where the service finds its broker. */
export interface PythonBroker {
  readonly protocol: 'mqtt5.0' | 'amqp0.9.1';
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const script = fileURLToPath(new URL('../../python/probe_service.py', import.meta.url));

/** The probe of `python/probe_service.py`, running. */
export class PythonService implements AsyncDisposable {
  readonly address: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, name: string) {
    this.#child = child;
    this.address = `interop-org.interop-fac.interop-sys.-.${name}`;
  }

  /** Resolves when the service says that it is started; whether it can be reached yet, see `whenReachable`. */
  static async start(interpreter: string, broker: PythonBroker, name: string): Promise<PythonService> {
    const { protocol, username, password } = broker;
    const { hostname, port } = new URL(broker.url);
    const options = { protocol, host: hostname, port, username, service: name };
    const args = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
    const child = spawn(interpreter, [script, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, BROKER_PASSWORD: password },
    });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors = (errors + text).slice(-2000);
    });
    const exited = once(child, 'exit').then(() => {
      throw new Error(`The Python service ended before it was started:\n${errors}`);
    });
    exited.catch(() => {});
    await Promise.race([once(createInterface(child.stdout), 'line'), exited]);
    return new PythonService(child, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    // The reference can hang at its end.
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    this.#child.stdin.end();
    await exited;
    clearTimeout(patience);
  }
}

/**
 * Resolves when the service answers. The reference says that it is started before the broker has its
 * subscriptions, and nothing tells when it has them: until then the broker says UNROUTABLE.
 */
export async function whenReachable(client: IntersectClient, address: string): Promise<void> {
  const limit = AbortSignal.timeout(20_000);
  for (;;) {
    try {
      await client.request(
        { destination: address, operation: 'intersect_sdk.system_capability' },
        { signal: limit },
      );
      return;
    } catch (error) {
      if (!isIntersectError(error) || error.code !== 'UNROUTABLE' || limit.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
