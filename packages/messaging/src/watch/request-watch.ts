import { delay } from '@intersect-sdk/core/internal';
import type { PresenceCheck } from './watch-options.js';

/** How many services are watched, or looked at, at one time. */
const MOST_WATCHED = 10_000;

/** Takes part in what is sent to an address; gives the way to leave. */
export type Join = (address: string) => Promise<() => Promise<void>>;

export interface RequestWatchOptions {
  readonly join: Join;
  readonly isThere: PresenceCheck;
  readonly checkIntervalMs: number;
  readonly failed: (address: string, error: unknown) => void;
}

interface Watched {
  /** When the service last showed that it is there, on the clock of `performance.now()`. */
  seenAtMs: number;
  /** Ends the wait for the next check, which is due at once. */
  wake: AbortController;
  /** It said goodbye. */
  left: boolean;
}

/**
 * Listens to what services are asked, only as long as they are there. A listener makes an address routable: who asks a service that is gone
 * would wait for an answer and not be told so. Hence each service is watched apart, from when it was seen there until it says goodbye, or
 * does not answer. Then the listener leaves first, and looks again without it.
 */
export class RequestWatch {
  readonly #options: RequestWatchOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #work = new Set<Promise<void>>();
  readonly #ended = new AbortController();

  constructor(options: RequestWatchOptions) {
    this.#options = options;
  }

  /** The addresses that are listened to, or looked at. */
  get addresses(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** Something came from the service, so that it is there. */
  seen(address: string): void {
    if (this.#ended.signal.aborted) return;
    const known = this.#watched.get(address);
    if (known) {
      known.seenAtMs = performance.now();
      return;
    }
    // Anybody can name any address as the sender of a message.
    if (this.#watched.size >= MOST_WATCHED) return;
    const watched: Watched = { seenAtMs: performance.now(), wake: new AbortController(), left: false };
    this.#watched.set(address, watched);
    const work = this.#watch(address, watched).catch((error: unknown) => {
      if (!this.#ended.signal.aborted) this.#options.failed(address, error);
    });
    const done = work.finally(() => {
      this.#work.delete(done);
      this.#watched.delete(address);
    });
    this.#work.add(done);
  }

  /** The service said goodbye: left at once. Another instance of it may still be there, which is looked for then. */
  left(address: string): void {
    const watched = this.#watched.get(address);
    if (!watched) return;
    watched.left = true;
    watched.wake.abort();
  }

  /** Resolves when everything was left. */
  async end(): Promise<void> {
    this.#ended.abort();
    for (const { wake } of this.#watched.values()) wake.abort();
    await Promise.all(this.#work);
  }

  /** Until the service is no longer there. */
  async #watch(address: string, watched: Watched): Promise<void> {
    const { join, isThere } = this.#options;
    const { signal } = this.#ended;
    for (;;) {
      watched.left = false;
      watched.wake = new AbortController();
      if (signal.aborted) return;
      // Without a listener, so that a broker says when nobody is there.
      const state = await isThere(address, { signal });
      if (state === 'absent') return;
      if (watched.left || signal.aborted) continue;
      const leave = await join(address);
      try {
        await this.#untilDoubtful(address, watched);
      } finally {
        await leave();
      }
    }
  }

  /** With a listener: until it is no longer certain that the service is there. */
  async #untilDoubtful(address: string, watched: Watched): Promise<void> {
    const { isThere, checkIntervalMs } = this.#options;
    const { signal } = this.#ended;
    while (!signal.aborted && !watched.left) {
      await delay(checkIntervalMs, watched.wake.signal);
      if (signal.aborted || watched.left) return;
      if (performance.now() - watched.seenAtMs < checkIntervalMs) continue;
      const given = { signal: AbortSignal.any([signal, watched.wake.signal]) };
      if ((await isThere(address, given).catch(() => 'silent')) !== 'up') return;
    }
  }
}
