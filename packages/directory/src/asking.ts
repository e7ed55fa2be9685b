import { isIntersectError } from '@intersect-sdk/core';
import { onAbort } from '@intersect-sdk/core/internal';
import type { DescribedService, Ping } from '@intersect-sdk/messaging';
import type { DirectoryClient } from './directory-client.js';

/** How many services are asked at once. */
const AT_ONCE = 8;

/** Asks services, each of them for one thing at a time and not too many at once. */
export class Asking {
  readonly #client: DirectoryClient;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;
  readonly #under = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(client: DirectoryClient, timeoutMs: number, signal: AbortSignal) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    onAbort(signal, () => {
      for (const go of this.#waiting.splice(0)) go();
    });
  }

  /** Whether the service is there; undefined where that can't be asked now. */
  ping(address: string): Promise<Ping['state'] | undefined> {
    const options = { timeoutMs: this.#timeoutMs, signal: this.#signal };
    return this.#once(`ping ${address}`, async () => (await this.#client.ping(address, options)).state);
  }

  /** What the service itself says that it can do; undefined where it does not say it at once. */
  describe(address: string): Promise<DescribedService | undefined> {
    const options = { timeoutMs: this.#timeoutMs, signal: this.#signal };
    return this.#once(`describe ${address}`, () => this.#client.describe(address, options));
  }

  #once<T>(key: string, ask: () => Promise<T>): Promise<T | undefined> {
    const under = this.#under.get(key) as Promise<T | undefined> | undefined;
    if (under !== undefined) return under;
    const asked = this.#inTurn(ask).finally(() => this.#under.delete(key));
    this.#under.set(key, asked);
    return asked;
  }

  async #inTurn<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#signal.aborted) return undefined;
    this.#running += 1;
    try {
      return await ask();
    } catch (error) {
      // Without a broker, or without an answer, nothing is known. Anything else is a fault of this package.
      if (isIntersectError(error)) return undefined;
      throw error;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
