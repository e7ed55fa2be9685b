import { channelMatches } from '@intersect-sdk/core';
import type { DeliveryQueue } from '@intersect-sdk/transport/internal';
import { hash28 } from '../hash.js';
import type { Slot } from './acknowledgements.js';
import { topicFilter } from './message.js';

/** One subscription at the broker, shared by all that want the same channel. */
export interface Filter {
  readonly channel: string;
  /** As MQTT writes it. */
  readonly topicFilter: string;
  /** The broker puts it on each message that comes because of this filter. */
  readonly identifier: number;
  readonly receivers: DeliveryQueue<Slot | undefined>[];
}

export interface Found {
  readonly filters: readonly Filter[];
  /** False when the message also belongs to a filter that is not in the table. */
  readonly complete: boolean;
}

const NOTHING: Found = { filters: [], complete: false };
const REMEMBERED = 1024;

/**
 * The filters of one connection. For overlapping filters mosquitto sends a message once for each, RabbitMQ
 * once for all of them; the subscription identifiers on it say for which, so that each subscription gets
 * it once. An identifier is computed from its channel: what a session queued for an earlier run of the
 * program still names the right filter.
 */
export class FilterTable {
  readonly #byChannel = new Map<string, Filter>();
  readonly #byIdentifier = new Map<number, Filter>();
  readonly #closed = new Set<number>();

  get size(): number {
    return this.#byChannel.size;
  }

  get(channel: string): Filter | undefined {
    return this.#byChannel.get(channel);
  }

  all(): Iterable<Filter> {
    return this.#byChannel.values();
  }

  /** The filter of this channel, made if there is none; of a shared one in the words of MQTT. */
  open(channel: string, filterText = topicFilter(channel)): Filter {
    const known = this.#byChannel.get(channel);
    if (known) return known;
    let identifier = hash28(channel);
    while (this.#byIdentifier.has(identifier)) identifier = (identifier % 0xffffffe) + 1;
    const filter: Filter = { channel, topicFilter: filterText, identifier, receivers: [] };
    this.#byChannel.set(channel, filter);
    this.#byIdentifier.set(identifier, filter);
    this.#closed.delete(identifier);
    return filter;
  }

  close(filter: Filter): void {
    this.#byChannel.delete(filter.channel);
    this.#byIdentifier.delete(filter.identifier);
    if (this.#closed.size >= REMEMBERED) this.#closed.clear();
    this.#closed.add(filter.identifier);
  }

  /** Whether a message with these identifiers can come from a filter closed on this connection. */
  wasClosed(identifiers: number | readonly number[] | undefined): boolean {
    if (typeof identifiers === 'number') return this.#closed.has(identifiers);
    if (identifiers === undefined) return this.#closed.size > 0;
    return identifiers.some((one) => this.#closed.has(one));
  }

  /** The filters that a message came for. Without identifiers, all that match its channel. */
  find(channel: string, identifiers: number | readonly number[] | undefined): Found {
    if (typeof identifiers === 'number') {
      const filter = this.#byIdentifier.get(identifiers);
      return filter ? { filters: [filter], complete: true } : NOTHING;
    }
    if (identifiers === undefined) {
      const filters = [...this.#byChannel.values()].filter((one) => channelMatches(one.channel, channel));
      return filters.length > 0 ? { filters, complete: true } : NOTHING;
    }
    const filters: Filter[] = [];
    for (const identifier of identifiers) {
      const filter = this.#byIdentifier.get(identifier);
      if (filter) filters.push(filter);
    }
    return { filters, complete: filters.length === identifiers.length };
  }
}
