import type { TransportError, WireMessage } from '@intersect-sdk/core';
import type { ConnectOptions, DrainOptions, PublishOptions, SubscribeOptions } from './call-options.js';
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
  /** What becomes of messages that several subscriptions share, once that is known. Absent: `none`. */
  readonly sharing?: Sharing | undefined;
  /** The largest payload the broker accepts, in bytes, once that is known. */
  readonly maxPayloadBytes?: number | undefined;
}

/**
 * How a broker gives the messages of a channel to several subscriptions with `shared`, each message to one of them:
 * `queue`: all take from one queue, each as much as it can handle; what a lost one had goes to the others.
 * `sessions`: each message is dealt out to a session, in turn; what a lost one had waits until that session is there again.
 * `none`: not at all; such a subscription is refused.
 */
export type Sharing = 'queue' | 'sessions' | 'none';

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
  /**
   * How many other subscriptions share this one's messages now; can be asked after `unsubscribe` too. Undefined where the broker can't
   * tell, or is not there. Never rejects.
   */
  others?(): Promise<number | undefined>;
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
   * Stops intake, lets handlers and publishes finish, then closes. Throws ConfigError CONFIG_INVALID for options that can't be meant,
   * before anything is stopped.
   */
  drain(options?: DrainOptions): Promise<void>;
  /** Closes at once: pending publishes reject with CLOSED. Idempotent. */
  close(): Promise<void>;
  /** A new transport to the same broker with the same options, not connected yet. Use it to start again after `closed`. */
  fresh(): Transport;
  /** True for what `shareTransport` made: each client and service that is given it uses one more of `fresh()`. */
  readonly isShared?: boolean | undefined;
  /** For `shareTransport`. Throws ConfigError CONFIG_INVALID where its connection can't be shared. */
  share?(): Transport;
  /** Returns a function that removes the listener. Exceptions thrown by a listener are logged and ignored. */
  onEvent(listener: (event: TransportEvent) => void): () => void;
}
