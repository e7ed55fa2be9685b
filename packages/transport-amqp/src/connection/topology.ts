import { queueNameOf } from '@intersect-sdk/core';
import type { SessionOptions, SubscriptionSpec } from '@intersect-sdk/transport';
import type { Channel } from 'amqplib';

/** Where the messages are, and whether this program may make what is missing. */
export interface Topology {
  readonly exchange: string;
  readonly isRoot: boolean;
  readonly session: SessionOptions;
}

/** Channels are separated by `/`, AMQP's routing keys by `.`; `*` and `#` mean the same in both. */
export function routingKeyOf(channel: string): string {
  return channel.replaceAll('/', '.');
}

export function channelOf(routingKey: string): string {
  return routingKey.replaceAll('.', '/');
}

/** Makes sure that the exchange exists (protocol section 4). */
export async function ensureExchange(channel: Channel, topology: Topology): Promise<void> {
  if (topology.isRoot) await channel.assertExchange(topology.exchange, 'topic', { durable: true });
  else await channel.checkExchange(topology.exchange);
}

/** Makes sure that the queue of a subscription exists and gets its messages; answers with its name. */
export async function ensureQueue(
  channel: Channel,
  topology: Topology,
  plan: { readonly spec: SubscriptionSpec; readonly name: string },
): Promise<string> {
  const { spec, name } = plan;
  if (spec.retention === 'durable' && !topology.isRoot) {
    await channel.checkQueue(name);
    return name;
  }
  const { queue } = await channel.assertQueue(name, queueOptions(spec, topology));
  await channel.bindQueue(queue, topology.exchange, routingKeyOf(spec.channel));
  return queue;
}

/** No argument more than the reference's for durable queues: the broker refuses a queue that exists with others. */
function queueOptions({ retention }: SubscriptionSpec, { session }: Topology) {
  switch (retention) {
    case 'durable':
      return { durable: true };
    case 'session':
      return {
        durable: true,
        expires: Math.max(1, Math.ceil(session.keepForMs)),
        // The broker can take a lost connection for alive. Beside its consumer the new one would be sent the later messages first.
        arguments: { 'x-single-active-consumer': true },
      };
    case 'none':
      return { durable: false, exclusive: true, autoDelete: true };
  }
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
    this.#sessionId = sessionId;
    this.#remembered = remembered;
  }

  /** Empty when the broker shall choose. */
  take(spec: SubscriptionSpec): string {
    if (spec.retention === 'none') return '';
    if (spec.retention === 'durable') return queueNameOf(spec.channel);
    const base = `intersect-session.${this.#sessionId}.${queueNameOf(spec.channel).slice(0, 32)}`;
    let name = this.#remembered.get(spec) ?? base;
    for (let next = 2; this.#taken.has(name); next++) name = `${base}.${next}`;
    this.#taken.add(name);
    this.#remembered.set(spec, name);
    return name;
  }

  release(name: string): void {
    this.#taken.delete(name);
  }
}
