import type { SeenRequest, SeenStore } from '@intersect-sdk/core';
import type { Reporter } from '@intersect-sdk/messaging';
import type { Outcome } from '../answer/outcome.js';

/** What earlier processes of the service have dealt with, and what this one does. Never rejects: a store that fails is reported. */
export class SeenRequests {
  readonly #store: SeenStore;
  readonly #report: Reporter;

  constructor(store: SeenStore, report: Reporter) {
    this.#store = store;
    this.#report = report;
  }

  async find(key: string): Promise<SeenRequest | undefined> {
    try {
      return await this.#store.find(key);
    } catch (error) {
      this.#failed('look for a request, which may run a second time', error);
      return undefined;
    }
  }

  /** Resolves when no later process runs it. */
  begun(key: string): Promise<void> {
    return this.#remember(key, { state: 'begun', atMs: Date.now() });
  }

  /** Gives the outcome once no later process runs the request again. One that was not run needs nobody to remember it. */
  async finished(key: string, outcome: Outcome): Promise<Outcome> {
    if (outcome.kind === 'reply') {
      await this.#remember(key, { state: 'finished', atMs: Date.now(), answer: outcome.message });
    }
    return outcome;
  }

  async #remember(key: string, seen: SeenRequest): Promise<void> {
    try {
      await this.#store.remember(key, seen);
    } catch (error) {
      this.#failed('remember a request, which may run again after a crash', error);
    }
  }

  #failed(what: string, error: unknown): void {
    const message = `The store of seen requests could not ${what}: ${error instanceof Error ? error.message : error}`;
    this.#report({ kind: 'seen-store-failed', message, error });
  }
}
