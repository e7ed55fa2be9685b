import type { IntersectError, TransportError, WireMessage } from '@intersect-sdk/core';
import type { Listener, Retention, SessionOptions } from './call-options.js';
import type { DeliveryInfo, Sharing, TransportCapabilities } from './contract.js';

/**
 * Everything that the author of a custom transport writes: how to open one connection, and what to do on it.
 * A driver keeps no state between connections and never reconnects; `createTransport(driver)` adds the
 * state machine, backoff, resubscription, the table of pending publishes and draining.
 */
export interface TransportDriver {
  readonly name: string;
  readonly capabilities: TransportCapabilities;
  /**
   * Opens one connection, trying each host it was given once. Throws a TransportError: `retryable` says
   * whether another try can help. Must stop, and leave nothing behind, when the signal aborts.
   */
  open(events: LinkEvents, options: OpenOptions): Promise<Link>;
  /**
   * Another driver to the same broker, whose links all use one connection, each as if it were its own; it ends with the last of them.
   * Absent where a connection can serve one session alone, as over MQTT.
   */
  share?(): TransportDriver;
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly session: SessionOptions;
}

/** What a link tells its transport. */
export interface LinkEvents {
  /** The connection was lost. Called at most once, and never after `close` or `destroy`. */
  lost(error: TransportError): void;
  /** The broker ended this subscription; the transport subscribes it again on the same link. */
  subscriptionLost(spec: SubscriptionSpec, error: IntersectError): void;
  /** A message came in that can't be delivered to any subscription. */
  refused(channel: string, error: IntersectError): void;
  /** The broker asks to publish nothing (`blocked`), or no longer does. */
  flow(blocked: boolean, reason?: string): void;
  /** Something about the channel that works, and that whoever runs the program should know; says what to do. */
  notice?(channel: string, message: string): void;
}

/** One subscription, as the transport wants it on each link. The object is the same on every link. */
export interface SubscriptionSpec {
  /** Unique within the transport. */
  readonly id: string;
  readonly channel: string;
  readonly retention: Retention;
  /** Only with retention `durable`: this listener alone gets all of it. */
  readonly listener?: Listener | undefined;
  /** Only with retention `durable`: each message goes to one of all that subscribe so, each over a session of its own. */
  readonly shared?: boolean | undefined;
  /** How many deliveries may be unacknowledged at once. */
  readonly concurrency: number;
  /** Never rejects. Acknowledge when it resolves to true; when false, leave the message to the broker. */
  deliver(message: WireMessage, info: DeliveryInfo): Promise<boolean>;
}

/** What the broker said about a published message. `unknown` where it can't tell. */
export interface PublishOutcome {
  readonly routed: 'yes' | 'no' | 'unknown';
}

/** How a message goes out. */
export interface LinkPublishOptions {
  /** The broker is to store it for subscribers that are away. */
  readonly durable: boolean;
  /** How long the broker is to keep it, in ms; undefined: without an end. To be ignored where the protocol has no such time. */
  readonly expiresAfterMs?: number | undefined;
  /** The message as it was given first, which is the same object on every link: what is sent again can have other headers. @default the message itself */
  readonly original?: WireMessage | undefined;
}

/** One connection, from open to its end. */
export interface Link {
  /** Known once connected, e.g. from MQTT's CONNACK; overrides the driver's. */
  readonly maxPayloadBytes?: number | undefined;
  /** Known once connected; overrides the driver's. With `none`, no subscription with `shared` is asked for. */
  readonly sharing?: Sharing | undefined;
  /**
   * Must be handed to the network in the order of the calls. Rejects with TransportError CONNECTION_LOST when the link dies first, with
   * BROKER_BUSY when the broker can't take it for now. Anything else, also what is thrown at once, is about this message alone.
   */
  publish(message: WireMessage, options: LinkPublishOptions): Promise<PublishOutcome>;
  /**
   * Resolves when the broker confirmed. Rejects as `publish` does; what is neither CONNECTION_LOST nor
   * BROKER_BUSY is about this subscription alone.
   */
  subscribe(spec: SubscriptionSpec): Promise<void>;
  /**
   * Stops delivery and removes what the broker keeps, a `durable` retention excepted. With `forget` that is removed too, after the handlers
   * at work are done and unless others use it; then tells `notice`. What is kept for a `shared` one alone goes to the others.
   */
  unsubscribe(spec: SubscriptionSpec, options?: { readonly forget: boolean }): Promise<void>;
  /** How many subscriptions take messages of this one's queue, itself included; undefined where the broker can't tell. */
  consumersOf?(spec: SubscriptionSpec): Promise<number | undefined>;
  /** Called when all subscriptions of an earlier link are confirmed on this one. */
  ready?(): void;
  /** Orderly end: sends the acknowledgements that are due, and keeps or removes the session as `SessionOptions` says. */
  close(): Promise<void>;
  /** Ends at once; leaves no socket and no timer. */
  destroy(): void;
}
