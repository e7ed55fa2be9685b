import { TransportError, type WireMessage } from '@intersect-sdk/core';
import type {
  Link,
  LinkEvents,
  LinkPublishOptions,
  OpenOptions,
  PublishOutcome,
  SessionOptions,
  Sharing,
  SubscriptionSpec,
} from '@intersect-sdk/transport';
import type { ResolvedHost } from '@intersect-sdk/transport/endpoint';
import type { ResolvedMqttOptions } from '../options/options.js';
import { Outbox } from '../out/outbox.js';
import type { ConnectionKillers } from '../quirks/connection-killers.js';
import type { UnansweredConnects } from '../quirks/unanswered-connects.js';
import { expiryOf, type SessionPlan } from './client-options.js';
import type { MqttSession } from './mqtt-session.js';
import { openFreshSession } from './open-fresh-session.js';
import { SideSessions } from './side-sessions.js';

/** Which broker, at which of its addresses. */
export interface LinkTarget {
  readonly options: ResolvedMqttOptions;
  readonly host: ResolvedHost;
  readonly unanswered: UnansweredConnects;
  readonly suspects: ConnectionKillers;
  readonly freed: Set<string>;
}

/**
 * Only for answers, whose session is this program's own: after a lost connection the program recognises what it has already
 * received. In a durable session the next program would handle the message a second time.
 */
const ANSWER_ACKNOWLEDGED_WITHIN_MS = 5;
/** Fixed header, topic and property length of the smallest packet; headers come on top. */
const LEAST_OVERHEAD_BYTES = 16;

/**
 * One link over one MQTT connection, and over further ones where subscriptions need a session of their
 * own. MQTT limits what is unacknowledged, and keeps queues, for a session and not for a subscription
 * (RabbitMQ stops at 10 messages). With everything in one session, ten requests whose handlers wait for an
 * answer would keep that answer from coming in. So:
 *
 * - retention `session` (answers) is in the main session, whose client id is the session's id;
 * - retention `none` (events) is in a second one, which begins and ends with its connection;
 * - each channel with retention `durable` has a session as it has a queue on AMQP, and can be left
 *   without unsubscribing, so that the broker goes on collecting.
 */
export class MqttLink implements Link {
  readonly maxPayloadBytes: number;
  readonly #target: LinkTarget;
  readonly #session: SessionOptions;
  readonly #events: LinkEvents;
  readonly #main: MqttSession;
  readonly #further: SideSessions;
  readonly #outbox: Outbox;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** Throws TransportError: `retryable` says whether another try can help. */
  static async open(target: LinkTarget, events: LinkEvents, options: OpenOptions): Promise<MqttLink> {
    const { session, signal } = options;
    const plan: SessionPlan = {
      clientId: target.options.clientIdPrefix + session.id,
      expiryS: expiryOf(session.keepForMs),
    };
    let link: MqttLink | undefined;
    const mainOptions = {
      ...sessionOptions(target, events),
      acknowledgeWithinMs: ANSWER_ACKNOWLEDGED_WITHIN_MS,
    };
    const main = await openFreshSession({ ...target, session: plan, signal }, mainOptions, {
      confirmed: (messageId, reasonCode) => {
        if (link) link.#outbox.confirmed(messageId, reasonCode);
      },
      lost: (error) => {
        // An error without a cause: neither the broker nor the network gave a reason.
        if (link && !link.#ended && error.cause === undefined) link.#outbox.endedSilently();
        if (link) link.#lose(error);
      },
      notice: (sentence) => events.notice?.('#', sentence),
    });
    link = new MqttLink({ target, events, session, plan, main });
    return link;
  }

  private constructor({ target, events, session, plan, main }: LinkParts) {
    this.#target = target;
    this.#session = session;
    this.#events = events;
    this.#main = main;
    this.#outbox = new Outbox(main.connection, target.options.maxInFlight, target.suspects);
    this.#further = new SideSessions({
      main: plan,
      lost: (error) => this.#lose(error),
      passOn: (message) => this.#passOn(message),
      open: (further, signal) =>
        openFreshSession({ ...target, session: further, signal }, sessionOptions(target, events), {
          confirmed: () => {},
          lost: (error) => this.#lose(error),
        }),
    });
    this.maxPayloadBytes = Math.max(0, main.connection.limits.maximumPacketSize - LEAST_OVERHEAD_BYTES);
  }

  publish(message: WireMessage, options: LinkPublishOptions): Promise<PublishOutcome> {
    return this.#outbox.publish(message, options);
  }

  subscribe(spec: SubscriptionSpec): Promise<void> {
    return this.#sessionsFor(spec).subscribe(spec);
  }

  async unsubscribe(spec: SubscriptionSpec): Promise<void> {
    await this.#sessionsFor(spec).unsubscribe(spec);
  }

  get sharing(): Sharing {
    return this.#main.connection.limits.sharedSubscriptions ? 'sessions' : 'none';
  }

  ready(): void {
    this.#graceTimer = setTimeout(() => this.#main.endHold(), this.#target.options.unclaimedGraceMs);
  }

  async close(): Promise<void> {
    await this.#further.handedOver();
    this.#end(ended('closed'));
    const dropSession = !this.#session.keepAfterClose;
    // The next run of the program can't use these answers. What it should find again is durable.
    await Promise.all([this.#main.close({ dropSession: true }), this.#further.close({ dropSession })]);
  }

  destroy(): void {
    this.#end(ended('dropped'));
    this.#main.destroy();
    this.#further.destroy();
  }

  async #passOn(message: WireMessage): Promise<boolean> {
    try {
      const { routed } = await this.#outbox.publish(message, { durable: true });
      return routed !== 'no';
    } catch {
      return false;
    }
  }

  /** One of the connections was lost; the link is lost with it. */
  #lose(error: TransportError): void {
    if (this.#ended) return;
    this.#end(error);
    this.#main.destroy();
    this.#further.destroy();
    this.#events.lost(error);
  }

  #end(error: TransportError): void {
    this.#ended = true;
    clearTimeout(this.#graceTimer);
    this.#outbox.end(error);
  }

  #sessionsFor(spec: SubscriptionSpec): MqttSession | SideSessions {
    return spec.retention === 'session' ? this.#main : this.#further;
  }
}

interface LinkParts {
  readonly target: LinkTarget;
  readonly events: LinkEvents;
  readonly session: SessionOptions;
  readonly plan: SessionPlan;
  readonly main: MqttSession;
}

function sessionOptions({ options }: LinkTarget, events: LinkEvents) {
  return {
    maxQueuedMessages: options.maxQueuedMessages,
    acknowledgeWithinMs: 0,
    refused: events.refused.bind(events),
  };
}

function ended(how: string): TransportError {
  return new TransportError('CONNECTION_LOST', `The connection was ${how} before the broker confirmed.`);
}
