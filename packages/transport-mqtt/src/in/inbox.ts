import { type IntersectError, MessageError } from '@intersect-sdk/core';
import type { SubscriptionSpec } from '@intersect-sdk/transport';
import { type Delivery, DeliveryQueue } from '@intersect-sdk/transport/internal';
import { handlerTooSlow } from '../errors/errors.js';
import { shortName } from '../hash.js';
import { Acknowledgements, type Slot } from './acknowledgements.js';
import { type Filter, FilterTable } from './filter-table.js';
import { sharedTopicFilter } from './message.js';
import type { ReceivedPublish } from './received-publish.js';

export interface InboxOptions {
  /**
   * True: the session outlives its connection, so a message is acknowledged when it was handled, and what
   * no subscription wants yet is kept unacknowledged until `endHold`. False: it would not come back anyway,
   * so it is acknowledged when it waits for its handler, and a slow one keeps nothing else from coming in.
   */
  readonly kept: boolean;
  /** How many messages without acknowledgement may wait for one handler, or for a subscription. */
  readonly maxQueuedMessages: number;
  readonly acknowledge: (messageId: number) => void;
  /** Called for a message that matches no subscription, or whose handler is too slow. */
  readonly refused: (channel: string, error: IntersectError) => void;
}

export interface Removed {
  /** The filter, when its last subscription was removed. */
  readonly unwanted?: Filter;
  /** Resolves when the handlers at work are done. */
  readonly idle: Promise<void>;
}

export interface HandedOver {
  readonly topicFilter: string;
  /** Resolves when the handlers at work are done. */
  readonly idle: Promise<void>;
  /** Resolves when nothing is on its way to the others. */
  passedOn(): Promise<void>;
}

/** A message that waits for its subscription. Its slot is undefined where the broker expects no acknowledgement. */
interface Held extends Delivery<Slot | undefined> {
  readonly identifiers: number | readonly number[] | undefined;
}

/**
 * What comes in on one connection: finds the subscriptions that each message is for, hands it to each
 * once, and acknowledges it for all of them together. A kept session can send before its program has
 * subscribed again: such messages are held.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #acknowledgements: Acknowledgements;
  readonly #filters = new FilterTable();
  /** Channels of which whatever still comes is handed over to others. */
  readonly #handedOver = new Map<string, DeliveryQueue<Slot | undefined>>();
  /** Ended subscriptions whose handlers are still at work. */
  readonly #stopping = new Set<DeliveryQueue<Slot | undefined>>();
  #held: Held[] = [];
  #holding: boolean;
  #ended = false;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#holding = options.kept;
    this.#acknowledgements = new Acknowledgements(options.acknowledge);
  }

  /** True when there is no subscription and no handler is running. */
  get unused(): boolean {
    return this.#filters.size === this.#handedOver.size && this.#stopping.size === 0;
  }

  /** The filters that were subscribed at the broker. */
  get topicFilters(): string[] {
    return Array.from(this.#filters.all(), ({ topicFilter }) => topicFilter);
  }

  /** Adds a subscription, and hands it what was held for it. */
  add(spec: SubscriptionSpec): Filter {
    const filter = this.#filters.open(spec.channel, spec.shared ? sharedFilterOf(spec) : undefined);
    if (this.#handedOver.delete(spec.channel)) filter.receivers.length = 0;
    filter.receivers.push(new DeliveryQueue(spec, (slot, handled) => this.#settle(slot, handled)));
    const held = this.#held;
    this.#held = [];
    for (const delivery of held) this.#dispatch(delivery);
    return filter;
  }

  /** Ends a subscription. */
  remove(spec: SubscriptionSpec): Removed {
    const filter = this.#filters.get(spec.channel);
    const receiver = filter?.receivers.find((one) => one.spec === spec);
    if (!filter || !receiver) return { idle: Promise.resolve() };
    filter.receivers.splice(filter.receivers.indexOf(receiver), 1);
    const rest = receiver.stop();
    const last = filter.receivers.length === 0;
    if (last) this.#filters.close(filter);
    for (const delivery of rest) {
      if (last && this.#holding) this.#held.push({ ...delivery, identifiers: filter.identifier });
      else this.#settle(delivery.slot, true);
    }
    this.#stopping.add(receiver);
    const idle = receiver.idle().then(() => void this.#stopping.delete(receiver));
    return { idle, ...(last && { unwanted: filter }) };
  }

  /**
   * Ends a subscription. What waits for it, and whatever still comes, is given to `deliver` instead; it is acknowledged where that
   * resolves to true.
   */
  handOver(spec: SubscriptionSpec, deliver: SubscriptionSpec['deliver']): HandedOver | undefined {
    const filter = this.#filters.get(spec.channel);
    const receiver = filter?.receivers.find((one) => one.spec === spec);
    if (!filter || !receiver) return undefined;
    const settle = (slot: Slot | undefined, handled: boolean): void => this.#settle(slot, handled);
    const others = new DeliveryQueue({ ...spec, deliver, concurrency: MOST_HANDED_OVER }, settle);
    filter.receivers.splice(filter.receivers.indexOf(receiver), 1, others);
    this.#handedOver.set(spec.channel, others);
    for (const delivery of receiver.stop()) others.take(delivery);
    this.#stopping.add(receiver);
    const idle = receiver.idle().then(() => void this.#stopping.delete(receiver));
    return { topicFilter: filter.topicFilter, idle, passedOn: () => others.idle() };
  }

  take({ message, messageId, redelivered, identifiers }: ReceivedPublish): void {
    if (this.#ended) return;
    this.#dispatch({
      message,
      info: redelivered ? REDELIVERED : FIRST_TIME,
      slot: messageId === undefined ? undefined : { messageId, open: 1, left: false },
      identifiers,
    });
  }

  /** From now on a message without a subscription is acknowledged and reported, including those that were held. */
  endHold(): void {
    this.#holding = false;
    const held = this.#held;
    this.#held = [];
    for (const delivery of held) this.#dispatch(delivery);
  }

  /** From now on nothing is acknowledged and nothing handed out. */
  end(): void {
    this.#ended = true;
    this.#held = [];
    for (const filter of this.#filters.all()) for (const receiver of filter.receivers) receiver.stop();
  }

  #settle(slot: Slot | undefined, handled: boolean): void {
    if (slot && !this.#ended) this.#acknowledgements.settle(slot, handled);
  }

  #dispatch(delivery: Held): void {
    const { filters, complete } = this.#filters.find(delivery.message.channel, delivery.identifiers);
    if (!complete && this.#holding) this.#hold(delivery);
    else if (filters.length === 0) this.#refuse(delivery);
    else this.#handOut(delivery, filters);
  }

  #handOut(delivery: Held, filters: readonly Filter[]): void {
    const { slot } = delivery;
    const { kept, maxQueuedMessages } = this.#options;
    let takers = 0;
    for (const { receivers } of filters) takers += receivers.length;
    // Set before the first receiver takes the message, because that may settle it at once.
    if (slot) slot.open = takers;
    for (const { receivers } of filters) {
      for (const receiver of receivers) {
        if (receiver.waiting >= maxQueuedMessages && !slot) {
          this.#options.refused(delivery.message.channel, this.#tooSlow(delivery));
        } else if (kept || receiver.waiting >= maxQueuedMessages) {
          receiver.take(delivery);
        } else {
          receiver.take({ ...delivery, slot: undefined });
          this.#settle(slot, true);
        }
      }
    }
  }

  #hold(delivery: Held): void {
    if (delivery.slot || this.#held.length < this.#options.maxQueuedMessages) this.#held.push(delivery);
    else this.#options.refused(delivery.message.channel, this.#tooSlow(delivery));
  }

  #refuse({ message, slot, identifiers }: Held): void {
    this.#settle(slot, true);
    // It was still on its way when its subscription ended, which is not worth a report.
    if (this.#filters.wasClosed(identifiers)) return;
    this.#options.refused(
      message.channel,
      new MessageError(
        'MESSAGE_UNCLAIMED',
        `A message on ${message.channel} came for a subscription that this program did not make again. It was acknowledged and dropped.`,
      ),
    );
  }

  #tooSlow({ message }: Held): IntersectError {
    return handlerTooSlow(message.channel, this.#options.maxQueuedMessages);
  }
}

/** All that a session may hold. */
const MOST_HANDED_OVER = 65_535;

function sharedFilterOf({ channel, listener }: SubscriptionSpec): string {
  return sharedTopicFilter(channel, listener ? shortName(listener.address) : 'intersect');
}

const FIRST_TIME = { redelivered: false } as const;
const REDELIVERED = { redelivered: true } as const;
