import type { IntersectClient } from '@intersect-sdk/client';
import { isIntersectError } from '@intersect-sdk/core';
import { type PythonBroker, PythonProgram } from './python-program.js';

export type { PythonBroker } from './python-program.js';

/** The probe of `python/probe_service.py`, running. */
export class PythonService implements AsyncDisposable {
  readonly address: string;
  readonly #program: PythonProgram;

  private constructor(program: PythonProgram, name: string) {
    this.#program = program;
    this.address = `interop-org.interop-fac.interop-sys.-.${name}`;
  }

  /** Resolves when the service says that it is started; whether it can be reached yet, see `whenReachable`. */
  static async start(interpreter: string, broker: PythonBroker, name: string): Promise<PythonService> {
    const args = { service: name };
    const program = new PythonProgram({ interpreter, script: 'probe_service.py', broker, args });
    await program.lines(1);
    return new PythonService(program, name);
  }

  /** What it wrote, as soon as that is so many lines. */
  lines(count: number): Promise<unknown[][]> {
    return this.#program.lines(count);
  }

  /** Ends it at once, so that it says goodbye to nobody. */
  kill(): Promise<void> {
    return this.#program.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/**
 * Resolves when the service answers. The reference says that it is started before the broker has its
 * subscriptions, and nothing tells when it has them: until then the broker says UNROUTABLE.
 */
export async function whenReachable(
  client: Pick<IntersectClient, 'request'>,
  address: string,
): Promise<void> {
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
