import type { Push } from './protocol.js';

/** So many items of a stream are kept for whoever looks; more can be plotted while they come. */
const MOST_ITEMS = 10_000;

interface Followed {
  readonly items: unknown[];
  /** All that came, also what is no longer kept. */
  count: number;
  /** From here on the page has not been told. */
  told: number;
}

/** The items of streams that are being read, until their answer is there. */
export class FollowedStreams {
  readonly #streams = new Map<string, Followed>();

  begin(key: string): void {
    this.#streams.set(key, { items: [], count: 0, told: 0 });
  }

  add(key: string, item: unknown): void {
    const stream = this.#streams.get(key);
    if (!stream) return;
    stream.count++;
    stream.items.push(item);
    if (stream.items.length > MOST_ITEMS) stream.items.shift();
  }

  /** Ends it. Gives what is kept of it. */
  end(key: string): { readonly items: readonly unknown[]; readonly count: number } {
    const { items, count } = this.#streams.get(key) ?? { items: [], count: 0 };
    this.#streams.delete(key);
    return { items, count };
  }

  /** What the page has not been told: of each stream what came since then. */
  takeNews(): Push[] {
    const news: Push[] = [];
    for (const [key, stream] of this.#streams) {
      const { items, count, told } = stream;
      if (count === told) continue;
      news.push({ kind: 'items', key, items: items.slice(-(count - told)), count });
      stream.told = count;
    }
    return news;
  }
}
