import { IllegalStateError, isIntersectError, type WireMessage } from '@intersect-sdk/core';
import type {
  DeliveryInfo,
  SubscribeOptions,
  Subscription,
  Transport,
  UnsubscribeOptions,
} from '@intersect-sdk/transport';
import type { Observers } from '../observe/observers.js';

/** Codes of what the program ended itself. */
const ENDED = new Set<unknown>(['ABORTED', 'CLOSED', 'DRAINING']);

export interface GroupDelivery extends DeliveryInfo {
  /** The broker that the message came from, e.g. to answer there. */
  readonly broker: Transport;
}

export type GroupHandler = (message: WireMessage, delivery: GroupDelivery) => void | Promise<void>;

export interface GroupSubscription extends AsyncDisposable {
  unsubscribe(options?: UnsubscribeOptions): Promise<void>;
  /** As `Subscription.others`, at all brokers that are connected together; undefined where one of them can't tell. */
  others(): Promise<number | undefined>;
}

/** What is to be subscribed. */
export interface Wanted {
  readonly channel: string;
  readonly handler: GroupHandler;
  readonly options: SubscribeOptions;
}

/** One of the brokers. */
interface Started {
  readonly broker: Transport;
  readonly wasOpen: boolean;
  readonly subscription: Promise<Subscription>;
}

/**
 * Subscribes on every one of the brokers; resolves when all connected ones confirmed, or, if none is connected, when
 * the first one did. The others follow when they are back. Throws when a connected broker refuses.
 */
export async function subscribeAtAll(
  brokers: readonly Transport[],
  wanted: Wanted,
  observers: Observers,
): Promise<GroupSubscription> {
  const started = brokers.map((broker) => start(broker, wanted, observers));
  if (started.length === 0)
    throw new IllegalStateError('NOT_CONNECTED', 'There is no connection to a broker.');
  const now = started.filter(({ wasOpen }) => wasOpen);
  for (const { broker, wasOpen, subscription } of started) {
    if (wasOpen) continue;
    subscription.catch((error: unknown) => {
      if (isIntersectError(error) && ENDED.has(error.code)) return;
      observers.report({ kind: 'broker-failed', channel: wanted.channel, broker: broker.name, error });
    });
  }
  try {
    if (now.length > 0) await Promise.all(now.map(({ subscription }) => subscription));
    else await firstOf(started.map(({ subscription }) => subscription));
  } catch (error) {
    await unsubscribeAll(started);
    throw error;
  }
  return {
    unsubscribe: (options) => unsubscribeAll(started, options),
    others: () => othersOf(started),
    [Symbol.asyncDispose]: () => unsubscribeAll(started),
  };
}

function start(broker: Transport, { channel, handler, options }: Wanted, observers: Observers): Started {
  const take = (message: WireMessage, { redelivered }: DeliveryInfo): void | Promise<void> => {
    if (observers.watching) observers.observe({ kind: 'received', message, broker: broker.name });
    return handler(message, { redelivered, broker });
  };
  const wasOpen = broker.state.kind === 'open';
  return { broker, wasOpen, subscription: broker.subscribe(channel, take, options) };
}

async function unsubscribeAll(started: readonly Started[], options?: UnsubscribeOptions): Promise<void> {
  await Promise.all(
    started.map(({ broker, subscription }) =>
      // One that waits for its broker to come back is ended with the transport, or as soon as it is confirmed.
      broker.state.kind === 'open'
        ? subscription.then((confirmed) => confirmed.unsubscribe(options)).catch(() => {})
        : void subscription.then((late) => late.unsubscribe()).catch(() => {}),
    ),
  );
}

async function othersOf(started: readonly Started[]): Promise<number | undefined> {
  const open = started.filter(({ broker }) => broker.state.kind === 'open');
  const counts = await Promise.all(
    open.map(({ subscription }) => subscription.then((confirmed) => confirmed.others?.()).catch(() => {})),
  );
  let sum = 0;
  for (const count of counts) {
    if (count === undefined) return undefined;
    sum += count;
  }
  return open.length > 0 ? sum : undefined;
}

/** Resolves as soon as one does; rejects with the first error when none does. */
async function firstOf(promises: readonly Promise<unknown>[]): Promise<void> {
  try {
    await Promise.any(promises);
  } catch (error) {
    throw (error as AggregateError).errors[0];
  }
}
