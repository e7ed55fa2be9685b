import { newId, type WireMessage } from '@intersect-sdk/core';
import type {
  ConnectOptions,
  DeliveryInfo,
  SubscribeOptions,
  Subscription,
  SupervisorOptions,
  Transport,
  TransportEvent,
} from '@intersect-sdk/transport';
import { check } from './check.js';
import { eventually, within } from './deadline.js';
import type { ConformanceHarness } from './harness.js';
import { Journal } from './journal.js';

/** Letters in a channel that some protocols can't carry: AMQP has room for 255 bytes, MQTT for 65,535. */
export const TOO_LONG_FOR_SOME: readonly number[] = [300, 70_000];

// Long, because it says that something hangs and not that a machine is slow.
const DEADLINE_MS = 20_000;
/** Cases with cuts should not wait for the usual backoff. */
const FAST_RECONNECT = { reconnectMinDelayMs: 2, reconnectMaxDelayMs: 20 };

/** What came in on one subscription. */
export interface Inbox extends Journal<Delivery> {
  readonly subscription: Subscription;
  /** The payloads so far, as text. */
  readonly texts: readonly string[];
}

export class Delivery {
  readonly message: WireMessage;
  readonly redelivered: boolean;
  #text: string | undefined;

  constructor(message: WireMessage, { redelivered }: DeliveryInfo) {
    this.message = message;
    this.redelivered = redelivered;
  }

  /** The payload as text. */
  get text(): string {
    this.#text ??= new TextDecoder().decode(this.message.payload);
    return this.#text;
  }
}

/** What one case works with: transports that are closed after it, channels of its own, and waiting with a deadline. */
export class Stage implements AsyncDisposable {
  readonly harness: ConformanceHarness;
  /** No other case uses channels below this one. */
  readonly base = `conformance/${newId()}`;
  readonly deadlineMs: number;
  readonly #events = new Map<Transport, Journal<TransportEvent>>();

  constructor(harness: ConformanceHarness) {
    this.harness = harness;
    this.deadlineMs = harness.deadlineMs ?? DEADLINE_MS;
  }

  create(options: SupervisorOptions = {}): Transport {
    return this.adopt(this.harness.create({ ...FAST_RECONNECT, ...options }));
  }

  createRejected(): Transport {
    check(this.harness.createRejected !== undefined, 'this case needs createRejected');
    return this.adopt(this.harness.createRejected());
  }

  async connected(options: ConnectOptions = {}, supervisor: SupervisorOptions = {}): Promise<Transport> {
    const transport = this.create(supervisor);
    await this.within(transport.connect(options), 'connect()');
    return transport;
  }

  /** How many rounds of something to do, at the harness's effort. */
  rounds(count: number): number {
    return Math.max(1, Math.ceil(count * (this.harness.effort ?? 1)));
  }

  channel(name: string): string {
    return `${this.base}/${name}`;
  }

  message(channel: string, text: string): WireMessage {
    return { channel, payload: new TextEncoder().encode(text), contentType: 'text/plain', headers: {} };
  }

  publish(transport: Transport, channel: string, text: string): Promise<void> {
    return this.within(transport.publish(this.message(channel, text)), `publish(${text})`);
  }

  async subscribe(
    transport: Transport,
    channel: string,
    options: SubscribeOptions & { readonly handle?: (delivery: Delivery) => void | Promise<void> } = {},
  ): Promise<Inbox> {
    const { handle, ...rest } = options;
    const journal = new Journal<Delivery>(this.deadlineMs);
    const handler = (message: WireMessage, info: DeliveryInfo): void | Promise<void> => {
      const delivery = new Delivery(message, info);
      journal.add(delivery);
      return handle?.(delivery);
    };
    const subscription = await this.within(
      transport.subscribe(channel, handler, rest),
      `subscribe(${channel})`,
    );
    return Object.defineProperty(Object.assign(journal, { subscription }), 'texts', {
      get: () => journal.entries.map(({ text }) => text),
    }) as Inbox;
  }

  /** Everything that the transport said since it was made. */
  events(transport: Transport): Journal<TransportEvent> {
    const journal = this.#events.get(transport);
    check(journal !== undefined, 'the transport was not made by this stage');
    return journal;
  }

  /** The kinds of the states that the transport announced, in order. */
  states(transport: Transport): string[] {
    return this.events(transport).entries.flatMap((event) =>
      event.kind === 'state' ? [event.state.kind] : [],
    );
  }

  /** Cuts the transport's connection and waits until it knows. */
  async cut(transport: Transport): Promise<void> {
    check(this.harness.sever !== undefined, 'this case needs sever');
    const before = countOf(this.states(transport), 'reconnecting');
    await this.harness.sever(transport);
    await this.events(transport).until(
      () => countOf(this.states(transport), 'reconnecting') > before,
      "the state 'reconnecting' after the connection was cut",
    );
  }

  /** Waits until the transport is open and has said so after its last cut. */
  async reopened(transport: Transport): Promise<void> {
    await this.events(transport).until(
      () => this.states(transport).at(-1) === 'open',
      "the state 'open' after the connection was cut",
    );
  }

  /** Keeps new connections away, cuts this one, and gives a function that lets it back in. */
  async cutOff(transport: Transport): Promise<() => Promise<void>> {
    await this.harness.refuse?.(true);
    await this.cut(transport);
    return async () => {
      await this.harness.refuse?.(false);
      await this.reopened(transport);
    };
  }

  /** What the broker holds. */
  async inventory(): Promise<string[]> {
    check(this.harness.inventory !== undefined, 'this case needs inventory');
    return [...(await this.within(Promise.resolve(this.harness.inventory()), 'inventory()'))].sort();
  }

  /** Waits until the broker has waited for an acknowledgement as long as it does. */
  async overdue(): Promise<void> {
    check(this.harness.ackOverdue !== undefined, 'this case needs ackOverdue');
    await this.within(this.harness.ackOverdue(), 'ackOverdue()');
  }

  /** Waits until the broker holds what `holds` looks for. */
  async holding(holds: (names: readonly string[]) => boolean, what: string): Promise<readonly string[]> {
    const end = performance.now() + this.deadlineMs;
    for (;;) {
      const names = await this.inventory();
      if (holds(names)) return names;
      check(
        performance.now() < end,
        `${what}: not within ${this.deadlineMs} ms. The broker holds ${names.join(', ')}`,
      );
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** One message to and fro, over connections that are open: whatever was to happen at once has happened after it. */
  async roundTrip(transport: Transport): Promise<void> {
    const channel = this.channel(`round-trip-${newId()}`);
    const inbox = await this.subscribe(transport, channel);
    await this.publish(transport, channel, 'ping');
    await inbox.reach(1, 'a message to oneself');
    await this.within(inbox.subscription.unsubscribe(), 'unsubscribe()');
  }

  /** Fails at the deadline. A case that fails elsewhere may leave the result alone. */
  within<T>(promise: PromiseLike<T>, what: string): Promise<T> {
    const limited = within(promise, what, this.deadlineMs);
    limited.catch(() => {});
    return limited;
  }

  eventually(holds: () => boolean, what: string): Promise<void> {
    return eventually(holds, what, this.deadlineMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.harness.refuse?.(false);
    await this.harness.stall?.(false);
    // Whether close() works is for the cases about it; here it must only not stop the next case.
    const closing = [...this.#events.keys()].map((transport) => this.within(transport.close(), 'close()'));
    await Promise.allSettled(closing);
  }

  /** Keeps a transport's events, and closes it after the case. */
  adopt(transport: Transport): Transport {
    const journal = new Journal<TransportEvent>(this.deadlineMs);
    this.#events.set(transport, journal);
    transport.onEvent((event) => journal.add(event));
    return transport;
  }
}

export function countOf<T>(list: readonly T[], wanted: T): number {
  return list.filter((entry) => entry === wanted).length;
}

/** The numbers from 0, as texts. */
export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}
