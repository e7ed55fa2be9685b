import { DeadlineTimer, type Due } from '@intersect-sdk/core/internal';
import type { PendingRequest } from '../pending-request.js';

/** A timer that rings so late did not ring while this program could do anything else, e.g. take in a sign of life. */
const WAS_BUSY_MS = 1_000;
/** How long is waited for the next sign of life after that, and while there is no connection: three could have come. */
const NEXT_SIGN_MS = 15_000;

interface Watched extends Due {
  readonly entry: PendingRequest;
  readonly idleMs: number;
  dueAtMs: number;
}

interface SilenceWatchOptions {
  /** Whether signs of life can come in. */
  readonly isConnected: () => boolean;
  readonly onSilent: (entry: PendingRequest, idleMs: number) => void;
}

/** Watches that services that have requests give signs of life. One timer for all. */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #watched = new Map<PendingRequest, Watched>();
  readonly #timer = new DeadlineTimer<Watched>(
    () => this.#watched.values(),
    (due) => this.#expire(due),
  );

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  /** The service has given a sign of life. */
  heard(entry: PendingRequest, idleMs: number): void {
    const dueAtMs = performance.now() + idleMs;
    const known = this.#watched.get(entry);
    if (known) {
      known.dueAtMs = dueAtMs;
      return;
    }
    const watched = { entry, idleMs, dueAtMs };
    this.#watched.set(entry, watched);
    this.#timer.watch(watched);
  }

  /** The request has ended. */
  forget(entry: PendingRequest): void {
    if (this.#watched.delete(entry) && this.#watched.size === 0) this.#timer.stop();
  }

  #expire(due: Watched): void {
    const { isConnected, onSilent } = this.#options;
    const { entry, idleMs } = due;
    const now = performance.now();
    if (isConnected() && now - due.dueAtMs < WAS_BUSY_MS) {
      onSilent(entry, idleMs);
      return;
    }
    due.dueAtMs = now + Math.min(idleMs, NEXT_SIGN_MS);
    this.#timer.watch(due);
  }
}
