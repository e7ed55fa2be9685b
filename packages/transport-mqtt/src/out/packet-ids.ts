import type { IClientOptions } from 'mqtt';

type PacketIdProvider = NonNullable<IClientOptions['messageIdProvider']>;

const HIGHEST = 65_535;

/**
 * Packet identifiers of one connection, shared by mqtt.js (subscriptions) and our own publishes. An
 * identifier is given again only after it was given back. The default provider of mqtt.js begins again at 1
 * after the highest, without looking whether that one is still in use.
 */
export class PacketIds implements PacketIdProvider {
  readonly #taken = new Set<number>();
  #last = 0;

  allocate(): number {
    do this.#last = (this.#last % HIGHEST) + 1;
    while (this.#taken.has(this.#last));
    this.#taken.add(this.#last);
    return this.#last;
  }

  getLastAllocated(): number {
    return this.#last;
  }

  register(id: number): boolean {
    if (this.#taken.has(id)) return false;
    this.#taken.add(id);
    return true;
  }

  deallocate(id: number): void {
    this.#taken.delete(id);
  }

  clear(): void {
    this.#taken.clear();
  }
}
