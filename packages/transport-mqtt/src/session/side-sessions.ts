import { type IntersectError, isIntersectError, TransportError } from '@intersect-sdk/core';
import type { SubscriptionSpec } from '@intersect-sdk/transport';
import { sessionRefused } from '../errors/errors.js';
import { shortName } from '../hash.js';
import { expiryOf, type SessionPlan } from './client-options.js';
import type { MqttSession, PassOn } from './mqtt-session.js';

export interface SideSessionsOptions {
  /** The main session; the others are named after it. */
  readonly main: SessionPlan;
  /** Connects a session; ends trying when the signal aborts. Throws TransportError. */
  readonly open: (session: SessionPlan, signal: AbortSignal) => Promise<MqttSession>;
  /** A required session could not be opened; treat the link as lost. */
  readonly lost: (error: TransportError) => void;
  /** Gives a message of a shared subscription that ended to the others. */
  readonly passOn: PassOn;
}

/**
 * The sessions of a link beside its main one, each connected when the first subscription needs it:
 * one for everything with retention `none`, and one for each channel with retention `durable`.
 */
export class SideSessions {
  readonly #options: SideSessionsOptions;
  readonly #sessions = new Map<string, Promise<MqttSession>>();
  readonly #connected = new Set<MqttSession>();
  readonly #releasing = new WeakSet<MqttSession>();
  /** By name, those on their way out: a broker would end one as soon as the next one of its name connects, and the link with it. */
  readonly #releases = new Map<string, Promise<void>>();
  readonly #ending = new AbortController();

  constructor(options: SideSessionsOptions) {
    this.#options = options;
  }

  async subscribe(spec: SubscriptionSpec): Promise<void> {
    const name = sessionName(spec);
    for (;;) {
      let opening = this.#sessions.get(name);
      if (!opening) {
        opening = this.#open(name, spec);
        this.#sessions.set(name, opening);
      }
      const session = await opening.catch((error: IntersectError) => {
        if (this.#sessions.get(name) === opening) this.#sessions.delete(name);
        throw this.#subscribeError(spec, error);
      });
      // Its last subscription ended meanwhile, so it is closing. The next turn connects it again.
      if (this.#sessions.get(name) === opening) return session.subscribe(spec);
    }
  }

  /** Resolves before the handlers are done, unless the session is to be forgotten. */
  async unsubscribe(spec: SubscriptionSpec, { forget }: { readonly forget: boolean }): Promise<void> {
    const name = sessionName(spec);
    const session = await this.#sessions.get(name)?.catch(() => undefined);
    if (!session) return;
    const { idle } = await this.#leave(session, spec, forget);
    // The messages of the handlers at work are acknowledged when they are done.
    const released = idle.then(() => this.#release(name, session, { dropSession: forget }));
    if (forget) await released;
  }

  async #leave(
    session: MqttSession,
    spec: SubscriptionSpec,
    forget: boolean,
  ): Promise<{ readonly idle: Promise<void> }> {
    if (spec.retention !== 'durable' || (forget && !spec.shared)) return session.unsubscribe(spec);
    const handed = spec.shared && (await session.handOver(spec, this.#options.passOn));
    return handed || session.leave(spec);
  }

  /** Resolves when what was dealt out to shared subscriptions that ended is with the others. */
  async handedOver(): Promise<void> {
    await Promise.allSettled([...this.#connected].map((session) => session.handedOver()));
  }

  async close(options: { readonly dropSession: boolean }): Promise<void> {
    this.#ending.abort();
    await Promise.all([...this.#connected].map((session) => session.close(options)));
  }

  destroy(): void {
    this.#ending.abort();
    for (const session of this.#connected) session.destroy();
  }

  async #open(name: string, spec: SubscriptionSpec): Promise<MqttSession> {
    const { retention, listener, shared, concurrency } = spec;
    const { main, open } = this.#options;
    const kept = listener ? expiryOf(listener.keepForMs) : main.expiryS;
    const expiryS = retention === 'durable' ? kept : 0;
    // What the broker deals out beyond that waits there, where the end of this session can give it to others.
    const receiveMaximum = shared ? concurrency : undefined;
    const plan = { clientId: `${main.clientId}-${name}`, expiryS, receiveMaximum };
    await this.#releases.get(name)?.catch(() => {});
    const session = await open(plan, this.#ending.signal);
    if (this.#ending.signal.aborted) {
      session.destroy();
      throw new TransportError('CONNECTION_LOST', 'The connection was closed.');
    }
    this.#connected.add(session);
    return session;
  }

  /** Disconnects a session without subscriptions. For a durable one the broker then goes on collecting, unless it is dropped. */
  async #release(
    name: string,
    session: MqttSession,
    options: { readonly dropSession: boolean },
  ): Promise<void> {
    if (!session.unused || this.#releasing.has(session) || this.#ending.signal.aborted) return;
    this.#releasing.add(session);
    this.#sessions.delete(name);
    const release = this.#disconnect(session, options).finally(() => {
      if (this.#releases.get(name) === release) this.#releases.delete(name);
    });
    this.#releases.set(name, release);
    await release;
  }

  async #disconnect(session: MqttSession, options: { readonly dropSession: boolean }): Promise<void> {
    await session.handedOver().catch(() => {});
    await session.close(options);
    this.#connected.delete(session);
  }

  #subscribeError(spec: SubscriptionSpec, error: IntersectError): IntersectError {
    if (isIntersectError(error) && !error.retryable && error.code !== 'ABORTED') {
      return sessionRefused(spec.channel, error);
    }
    const lost = new TransportError(
      'CONNECTION_LOST',
      `The session for the subscription to ${spec.channel} could not be connected. ${error.message}`,
      { cause: error },
    );
    if (!this.#ending.signal.aborted) this.#options.lost(lost);
    return lost;
  }
}

/** Which session keeps a subscription, as the end of its client id. */
function sessionName({ retention, channel, shared }: SubscriptionSpec): string {
  if (retention !== 'durable') return 'live';
  return shared ? `${shortName(channel)}-shared` : shortName(channel);
}
