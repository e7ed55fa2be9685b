import { eventQueueNameOf, queueNameOf } from '@intersect-sdk/core';
import type { SessionOptions, SubscriptionSpec } from '@intersect-sdk/transport';
import type { Channel } from 'amqplib';
import type { QueueTypes } from '../queue-types.js';

/** Where messages go, and whether this program may make what is missing. */
export interface Exchange {
  readonly exchange: string;
  readonly isRoot: boolean;
}

/** Where the messages are. */
export interface Topology extends Exchange {
  readonly vhost: string;
  /** Of the queues that no other SDK declares; without one the virtual host's default holds. */
  readonly queueType?: QueueTypes | undefined;
  readonly session: SessionOptions;
}

/** What a queue's name has room for beside its other parts. */
const LONGEST_SESSION_ID_BYTES = 190;

/** Channels are separated by `/`, AMQP's routing keys by `.`; `*` and `#` mean the same in both. */
export function routingKeyOf(channel: string): string {
  return channel.replaceAll('/', '.');
}

export function channelOf(routingKey: string): string {
  return routingKey.replaceAll('.', '/');
}

/** Makes sure that the exchange exists (protocol section 4). */
export async function ensureExchange(channel: Channel, topology: Exchange): Promise<void> {
  if (topology.isRoot) await channel.assertExchange(topology.exchange, 'topic', { durable: true });
  else await channel.checkExchange(topology.exchange);
}

/**
 * The queue names of one connection's subscriptions. A session's queue must have the same name on the
 * next connection, also where several subscriptions have one channel, so each is remembered by its spec.
 */
export class QueueNames {
  readonly #sessionId: string;
  readonly #remembered: WeakMap<SubscriptionSpec, string>;
  readonly #taken = new Set<string>();

  constructor(sessionId: string, remembered: WeakMap<SubscriptionSpec, string>) {
    // A queue's name has room for 255 bytes.
    this.#sessionId =
      Buffer.byteLength(sessionId) > LONGEST_SESSION_ID_BYTES ? queueNameOf(sessionId) : sessionId;
    this.#remembered = remembered;
  }

  /** Empty when the broker shall choose. */
  take(spec: SubscriptionSpec): string {
    if (spec.retention !== 'session') return this.nameOf(spec);
    const base = `intersect-session.${this.#sessionId}.${queueNameOf(spec.channel).slice(0, 32)}`;
    let name = this.#remembered.get(spec) ?? base;
    for (let next = 2; this.#taken.has(name); next++) name = `${base}.${next}`;
    this.#taken.add(name);
    this.#remembered.set(spec, name);
    return name;
  }

  /** The name of the queue that it has, empty when the broker chose it. */
  nameOf({ retention, listener, channel }: SubscriptionSpec): string {
    if (retention !== 'durable') return '';
    return listener ? eventQueueNameOf(listener.address, channel) : queueNameOf(channel);
  }

  release(name: string): void {
    this.#taken.delete(name);
  }
}
