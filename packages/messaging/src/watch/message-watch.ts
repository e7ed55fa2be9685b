import { MessageError, type WireMessage } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import type { BrokerGroup } from '../brokers/broker-group.js';
import type { GroupSubscription } from '../brokers/group-subscription.js';
import { BufferedStream } from '../events/buffered-stream.js';
import type { Observers } from '../observe/observers.js';
import { RequestWatch } from './request-watch.js';
import type { PresenceCheck, ResolvedWatchOptions } from './watch-options.js';
import type { WatchedKind, WatchedMessage } from './watched-message.js';

/** The messages that pass by, as an async iterable: `for await (const { kind, message } of stream)`. */
export type MessageStream = BufferedStream<WatchedMessage>;

export interface MessageWatchOptions {
  readonly wire: Wire;
  readonly brokers: BrokerGroup;
  readonly observers: Observers;
  /** The program's own address. What it sends and gets itself is not shown. */
  readonly own: string;
  /** How to find out whether a service is there, unless a watch says otherwise. */
  readonly isThere: PresenceCheck;
}

type Show = (item: WatchedMessage) => void;

/** The streams of messages that a program has open, from a startup to the shutdown that follows. */
export class MessageWatches {
  readonly #options: MessageWatchOptions;
  readonly #streams = new Set<MessageStream>();

  constructor(options: MessageWatchOptions) {
    this.#options = options;
  }

  open(watch: ResolvedWatchOptions): MessageStream {
    const { observers } = this.#options;
    const stream: MessageStream = new BufferedStream<WatchedMessage>({
      ...watch,
      what: 'messages',
      listen: (show, signal) => new Listening(this.#options, watch, show).start(signal),
      onDropped: ({ message: { channel } }) => {
        const text = `A watched message on ${channel} was dropped: its reader is slower than messages come in.`;
        observers.report({
          kind: 'event-dropped',
          channel,
          error: new MessageError('EVENTS_OVERFLOWED', text),
        });
      },
      onEnded: () => this.#streams.delete(stream),
    });
    this.#streams.add(stream);
    return stream;
  }

  /** Ends every stream. */
  async end(): Promise<void> {
    await Promise.all([...this.#streams].map((stream) => stream.stop()));
  }

  /** Ends every stream with the error. */
  fail(error: Error): void {
    for (const stream of [...this.#streams]) void stream.fail(error);
  }
}

const ANYBODY = { organization: '*', facility: '*', system: '*', subsystem: '*', service: '*' };
/** By these it is seen that a service is there. */
const SIGNS: ReadonlySet<WatchedKind> = new Set(['answer', 'lifecycle']);

/** One watch, from its first subscription to its last. */
class Listening {
  readonly #options: MessageWatchOptions;
  readonly #watch: ResolvedWatchOptions;
  readonly #show: Show;
  readonly #requests: RequestWatch | undefined;

  constructor(options: MessageWatchOptions, watch: ResolvedWatchOptions, show: Show) {
    this.#options = options;
    this.#watch = watch;
    this.#show = show;
    const { observers, isThere, wire } = options;
    if (!watch.kinds.has('request')) return;
    this.#requests = new RequestWatch({
      checkIntervalMs: watch.checkIntervalMs,
      isThere: watch.isThere ?? isThere,
      join: async (address) => {
        const subscription = await this.#listen('request', wire.requestChannel(address));
        return () => subscription.unsubscribe();
      },
      failed: (address, error) =>
        observers.report({ kind: 'broker-failed', channel: wire.requestChannel(address), error }),
    });
  }

  async start(signal: AbortSignal): Promise<() => Promise<void>> {
    const { wire } = this.#options;
    const { kinds, addresses } = this.#watch;
    const anybody = wire.addressOf(ANYBODY);
    const wanted: (readonly [WatchedKind, string])[] = [
      ['answer', wire.responseChannel(anybody)],
      ['event', wire.eventChannel(anybody, '*', '*')],
      ['lifecycle', wire.lifecycleChannel(anybody)],
    ];
    // Requests are found by what else their services say.
    const listened = wanted.filter(([kind]) => kinds.has(kind) || (this.#requests && SIGNS.has(kind)));
    const started = await Promise.allSettled(
      listened.map(([kind, channel]) => this.#listen(kind, channel, signal)),
    );
    const stop = async (): Promise<void> => {
      const subscriptions = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      await Promise.all([this.#requests?.end(), ...subscriptions.map((one) => one.unsubscribe())]);
    };
    const refused = started.find((one) => one.status === 'rejected');
    if (refused) {
      await stop();
      throw refused.reason;
    }
    for (const address of addresses) this.#requests?.seen(address);
    return stop;
  }

  #listen(kind: WatchedKind, channel: string, signal?: AbortSignal): Promise<GroupSubscription> {
    return this.#options.brokers.subscribe(
      channel,
      (message, { broker }) => this.#onMessage(kind, message, broker.name),
      { retention: 'none', concurrency: 1, signal },
    );
  }

  #onMessage(kind: WatchedKind, message: WireMessage, broker: string): void {
    const { wire, own } = this.#options;
    const { headers } = message;
    const { source, destination, lifecycleType } = wire.headerNames;
    const from = headers[source] ?? '';
    const to = headers[destination] ?? '';
    if (from === own || to === own) {
      if (kind === 'answer' && this.#isWanted(from)) this.#requests?.seen(from);
      return;
    }
    if (!this.#isWanted(kind === 'request' ? to : from)) return;
    if (kind === 'lifecycle' && headers[lifecycleType] === 'LCT_SHUTDOWN') this.#requests?.left(from);
    else if (kind !== 'request' && wire.isAddress(from)) this.#requests?.seen(from);
    if (!this.#watch.kinds.has(kind)) return;
    const address = kind === 'request' || kind === 'answer' ? to : from;
    this.#show({ kind, address, message, broker, receivedAtMs: Date.now() });
  }

  #isWanted(service: string): boolean {
    return this.#watch.others || this.#watch.addresses.includes(service);
  }
}
