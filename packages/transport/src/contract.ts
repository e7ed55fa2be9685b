import type { TransportError, WireMessage } from '@intersect-sdk/core';
import type { TransportEvent, TransportState } from './events.js';

/** What a transport can promise, whatever the program asks for. */
export interface TransportCapabilities {
  /** `framed`: the protocol has no headers, so they travel in front of the payload (protocol section 9). */
  readonly headers: 'native' | 'framed';
  /** `after-handler`: a message that was not handled comes back after a crash. */
  readonly acknowledge: 'after-handler' | 'on-receipt';
  /** The broker confirms each published message. */
  readonly publishConfirm: boolean;
  /** The broker says when no one receives a message, so `mustRoute` can reject. */
  readonly reportsUnroutable: boolean;
  /** Subscriptions with retention `session` and `durable` really outlive the connection. */
  readonly durable: boolean;
  /** The largest payload the broker accepts, in bytes, once that is known. */
  readonly maxPayloadBytes?: number | undefined;
}

/** Under which name, and for how long, the broker keeps subscriptions and undelivered messages between connections. */
export interface SessionOptions {
  /** Unique among all programs at the broker; the same again after a restart takes the session over. */
  readonly id: string;
  /** How long the broker keeps the session without a connection, in ms. */
  readonly keepForMs: number;
  /** True: an orderly close leaves the session at the broker (services). False: close removes it (clients). */
  readonly keepAfterClose: boolean;
}

export interface ConnectOptions {
  readonly signal?: AbortSignal | undefined;
  /** True: keep trying, with backoff, until it works, the signal aborts or trying is hopeless. Default false: each host is tried once. */
  readonly retry?: boolean | undefined;
  /** Default: a random id, kept 60 s, removed by close. Only the first connect of a transport may set it. */
  readonly session?: SessionOptions | undefined;
}

export interface PublishOptions {
  /** The broker stores the message for subscribers that are away, and it is sent again after a lost connection. Default true. */
  readonly durable?: boolean | undefined;
  /** Reject with UNROUTABLE when the broker says that no one receives it. Default false. */
  readonly mustRoute?: boolean | undefined;
  /** How long to wait for the connection and the confirmation together, in ms. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when the message is handed to a connection for the first time: from then on the broker may have it. */
  readonly onHandedOver?: (() => void) | undefined;
  /**
   * Asked before the message is sent again, and at `drain`, as long as it is pending: false gives it up with
   * ABORTED. Default: always true.
   */
  readonly stillWanted?: (() => boolean) | undefined;
  /**
   * What to do when the broker can't take the message for now (BROKER_BUSY). `wait`: send the same message again, with backoff, until
   * its time is over. `reject`: reject at once. Default `wait`.
   */
  readonly whenBusy?: 'wait' | 'reject' | undefined;
  /** Called each time that the broker could not take the message and it will be sent again, with the number of that next try. */
  readonly onBusy?: ((error: TransportError, nextTry: number) => void) | undefined;
}

/**
 * How long the broker keeps collecting for a subscription:
 * `none` while connected only; `session` across lost connections until unsubscribed or closed;
 * `durable` without an end, even while the program is not running, under the name that protocol section 4 gives.
 */
export type Retention = 'none' | 'session' | 'durable';

/** Whose subscription it is, where several programs listen to one channel and each of them is to get every message. */
export interface Listener {
  /** The same again after a restart takes up what was kept. */
  readonly address: string;
  /** How long the broker goes on collecting while the listener is away, in ms. */
  readonly keepForMs: number;
}

export interface SubscribeOptions {
  /** Default `none`. */
  readonly retention?: Retention | undefined;
  /** With retention `durable`. Without it all durable subscriptions of the channel share its messages. */
  readonly listener?: Listener | undefined;
  /** How many messages the handler may have at once. Default 1, which also keeps their order. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DeliveryInfo {
  /** The broker sent this message before and saw no acknowledgement. */
  readonly redelivered: boolean;
}

/**
 * The message is acknowledged within a few milliseconds after the returned promise settles, never earlier. A rejection
 * is reported as an event, and the message is acknowledged nevertheless, because a message that can't be handled
 * must not be delivered again and again.
 */
export type DeliveryHandler = (message: WireMessage, info: DeliveryInfo) => void | Promise<void>;

export interface Subscription extends AsyncDisposable {
  readonly channel: string;
  /** Ends delivery and removes what the broker keeps for it (a `durable` one stays at the broker). Idempotent. */
  unsubscribe(): Promise<void>;
}

/** A long-lived, reconnecting way to a broker. This is what clients and services use; `createTransport` makes one from a driver. */
export interface Transport extends AsyncDisposable {
  readonly name: string;
  readonly capabilities: TransportCapabilities;
  readonly state: TransportState;
  /** Resolves when the transport has closed: with the error if a fault closed it, else with undefined. Never rejects. */
  readonly closed: Promise<TransportError | undefined>;
  /**
   * Resolves when open. Joins an attempt that is under way; after a failed attempt it connects again. Throws
   * TransportError, ConfigError, CLOSED or DRAINING.
   */
  connect(options?: ConnectOptions): Promise<void>;
  /**
   * Resolves on the strongest confirmation the broker gives. While reconnecting, and while the broker can't take it, it waits, bounded.
   * Throws PublishError, ConfigError, TransportError, IllegalStateError.
   */
  publish(message: WireMessage, options?: PublishOptions): Promise<void>;
  /**
   * Resolves when the broker has confirmed: everything published from then on arrives. `channel` may contain `*` for one
   * word, and end with `#` for any number of words.
   */
  subscribe(channel: string, handler: DeliveryHandler, options?: SubscribeOptions): Promise<Subscription>;
  /**
   * Stops intake, lets handlers and publishes finish, then closes. After `timeoutMs` (default 10,000) it closes regardless. Throws
   * ConfigError CONFIG_INVALID for options that can't be meant, before anything is stopped.
   */
  drain(options?: { readonly timeoutMs?: number | undefined }): Promise<void>;
  /** Closes at once: pending publishes reject with CLOSED. Idempotent. */
  close(): Promise<void>;
  /** A new transport to the same broker with the same options, not connected yet. Use it to start again after `closed`. */
  fresh(): Transport;
  /** Returns a function that removes the listener. Exceptions thrown by a listener are logged and ignored. */
  onEvent(listener: (event: TransportEvent) => void): () => void;
}
