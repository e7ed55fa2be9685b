import type { KnownService } from './map/known-service.js';
import type { DirectoryStore } from './store.js';

/** Changes often come together, and each save writes everything. */
const SAVE_AFTER_MS = 1_000;

/** Saves what is known when it has changed, never two at once, and a last time at the end. */
export class Saving {
  readonly #store: DirectoryStore;
  readonly #services: () => Iterable<KnownService>;
  readonly #failed: (error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(
    store: DirectoryStore,
    services: () => Iterable<KnownService>,
    failed: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#services = services;
    this.#failed = failed;
  }

  changed(): void {
    this.#timer ??= setTimeout(() => this.#save(), SAVE_AFTER_MS);
  }

  /** Resolves when everything is saved. */
  async end(): Promise<void> {
    if (this.#timer !== undefined) this.#save();
    await this.#saving;
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#saving = this.#saving.then(() => this.#store.save([...this.#services()])).catch(this.#failed);
  }
}
