import type { ListedService } from '../worker/protocol.js';

/** Services by address, in the order in which they are shown. */
export type ServiceMap = ReadonlyMap<string, ListedService>;

/** The same with what changed; a new map, so that who shows it sees that it is another one. */
export function withChanges(services: ServiceMap, changed: readonly ListedService[]): ServiceMap {
  const next = new Map(services);
  for (const service of changed) next.set(service.address, service);
  return new Map([...next].sort(([a], [b]) => a.localeCompare(b)));
}

/** Those with every word of the search somewhere in their address or state. */
export function matching(services: ServiceMap, search: string): ListedService[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return [...services.values()].filter(({ address, state }) => {
    const text = `${address} ${state}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
