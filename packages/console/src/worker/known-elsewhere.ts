import type { KnownService } from '@intersect-sdk/directory';

export interface KnownElsewhereOptions {
  /** What the program that serves the page knows of services now. */
  readonly load: () => Promise<readonly KnownService[]>;
  /** Something is known of this service that was not. */
  readonly changed: (address: string) => void;
  readonly everyMs: number;
}

/**
 * What the program that serves the page can see and the page can't: how many programs there are of a service, and services that RabbitMQ shows
 * before they say anything.
 */
export class KnownElsewhere {
  readonly #options: KnownElsewhereOptions;
  #services = new Map<string, KnownService>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: KnownElsewhereOptions) {
    this.#options = options;
    void this.#look();
  }

  /** What is known here with what is known there; undefined where nobody knows anything. */
  joined(address: string, here: KnownService | undefined): KnownService | undefined {
    const there = this.#services.get(address);
    if (!here || there?.instances === undefined) return here ?? there;
    return { ...here, instances: there.instances };
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    // The page says when the program is gone; what it said before stands.
    const services = await this.#options.load().catch(() => [...this.#services.values()]);
    if (this.#isOver) return;
    const before = this.#services;
    this.#services = new Map(services.map((service) => [service.address, service]));
    for (const { address, instances, state } of services) {
      const known = before.get(address);
      if (known?.instances !== instances || known?.state !== state) this.#options.changed(address);
    }
    this.#timer = setTimeout(() => void this.#look(), this.#options.everyMs);
  }
}
