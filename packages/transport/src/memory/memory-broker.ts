import { channelMatches, TransportError, type WireMessage } from '@intersect-sdk/core';
import { isWildcardChannel, LONGEST_TIMER_MS } from '@intersect-sdk/core/internal';
import type { SessionOptions } from '../call-options.js';
import type { LinkEvents, SubscriptionSpec } from '../driver.js';
import { copyOf } from './copy-of.js';
import { MemoryLink } from './memory-link.js';
import { MemoryQueue } from './queue.js';

export interface MemoryBrokerOptions {
  /**
   * Refuse larger payloads, in bytes.
   * @default no limit
   */
  readonly maxPayloadBytes?: number | undefined;
  /**
   * What a transport must give to connect.
   * @default nothing is asked
   */
  readonly password?: string | undefined;
  /**
   * Called with each message that was published, before anybody gets it, and whether there is anybody. For tests; what it throws
   * goes to who published.
   * @default nothing is called
   */
  readonly onMessage?: ((message: WireMessage, info: { readonly routed: boolean }) => void) | undefined;
}

/** Who connects. @internal */
export interface MemoryAccess {
  readonly name: string;
  readonly password: string | undefined;
}

/**
 * A broker inside this process, for tests and for programs whose parts share one process. It behaves as
 * a real one does: queues that outlive a connection, unacknowledged messages that come back, channels
 * with wildcards. Make one, and a `memoryTransport(broker)` for each client and service.
 */
export class MemoryBroker {
  readonly maxPayloadBytes: number | undefined;
  readonly #password: string | undefined;
  readonly #onMessage: MemoryBrokerOptions['onMessage'];
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #exact = new Map<string, Set<MemoryQueue>>();
  readonly #wildcards = new Set<MemoryQueue>();
  readonly #expiries = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #links = new Map<MemoryLink, string>();
  #refusing = false;

  constructor(options: MemoryBrokerOptions = {}) {
    this.maxPayloadBytes = options.maxPayloadBytes;
    this.#password = options.password;
    this.#onMessage = options.onMessage;
  }

  /** From now on new connections are refused, or accepted again; those that exist stay. */
  refuse(on: boolean): void {
    this.#refusing = on;
  }

  /** Cuts the connection of the transport of this name, or all. */
  sever(name?: string): void {
    for (const [link, owner] of [...this.#links]) if (name === undefined || name === owner) link.cut();
  }

  /** How many queues exist; for tests that nothing is left behind. */
  get queueCount(): number {
    return this.#queues.size;
  }

  /** @internal */
  attach({ name, password }: MemoryAccess, session: SessionOptions, events: LinkEvents): MemoryLink {
    if (this.#refusing) {
      throw new TransportError(
        'CONNECT_REFUSED',
        `${name}: the in-memory broker refuses connections for now.`,
      );
    }
    if (password !== this.#password) {
      throw new TransportError(
        'AUTH_REFUSED',
        `${name}: the in-memory broker refused the password. Check it.`,
      );
    }
    const link = new MemoryLink(this, session, events);
    this.#links.set(link, name);
    return link;
  }

  /** @internal */
  detach(link: MemoryLink): void {
    this.#links.delete(link);
  }

  /** Hands the message to every queue whose channel matches; tells whether there was one. @internal */
  route(message: WireMessage, expiresAfterMs?: number | undefined): boolean {
    // As over a network, the sender may use its buffer again.
    const kept = copyOf(message);
    let routed = false;
    for (const queue of this.#exact.get(message.channel) ?? []) {
      queue.push(kept, expiresAfterMs);
      routed = true;
    }
    for (const queue of this.#wildcards) {
      if (!channelMatches(queue.channel, message.channel)) continue;
      queue.push(kept, expiresAfterMs);
      routed = true;
    }
    this.#onMessage?.(copyOf(kept), { routed });
    return routed;
  }

  /** The queue of this name, made if needed, and no longer about to expire. @internal */
  queue(name: string, spec: SubscriptionSpec): MemoryQueue {
    this.#keep(name);
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = new MemoryQueue(spec.channel);
      this.#queues.set(name, queue);
      if (isWildcardChannel(spec.channel)) this.#wildcards.add(queue);
      else this.#bound(spec.channel).add(queue);
    }
    return queue;
  }

  /** How many take messages of the queue of this name. @internal */
  consumersOf(name: string): number {
    return this.#queues.get(name)?.consumers ?? 0;
  }

  /** @internal */
  remove(name: string): void {
    this.#keep(name);
    const queue = this.#queues.get(name);
    if (!queue) return;
    this.#queues.delete(name);
    this.#wildcards.delete(queue);
    const bound = this.#exact.get(queue.channel);
    bound?.delete(queue);
    if (bound?.size === 0) this.#exact.delete(queue.channel);
  }

  /** Removes the queue after the time, unless somebody asks for it before. @internal */
  expire(name: string, afterMs: number): void {
    this.#keep(name);
    const timer: { unref?(): void } & ReturnType<typeof setTimeout> = setTimeout(
      () => this.remove(name),
      Math.min(afterMs, LONGEST_TIMER_MS),
    );
    // A queue that waits for its end must not keep a Node process alive.
    timer.unref?.();
    this.#expiries.set(name, timer);
  }

  #keep(name: string): void {
    clearTimeout(this.#expiries.get(name));
    this.#expiries.delete(name);
  }

  #bound(channel: string): Set<MemoryQueue> {
    let queues = this.#exact.get(channel);
    if (!queues) {
      queues = new Set();
      this.#exact.set(channel, queues);
    }
    return queues;
  }
}
