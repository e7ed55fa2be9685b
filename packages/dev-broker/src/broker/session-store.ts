import type { Message } from '../packets/message.js';
import { type Outgoing, Session, type SessionHost } from './session.js';
import type { SubscriptionIndex } from './subscriptions.js';

/** What the sessions need of the broker that they belong to. */
export interface SessionStoreHost extends SessionHost {
  readonly subscriptions: SubscriptionIndex;
  publish(message: Message, publisher: Session): number;
  reroute(entries: readonly Outgoing[]): void;
}

/** The longest delay that Node's timers know, almost 25 days. */
const MAX_TIMER_MS = 0x7fff_ffff;

/** The sessions by client identifier, with the clocks that end those whose client stays away. */
export class SessionStore {
  readonly #broker: SessionStoreHost;
  readonly #sessions = new Map<string, Session>();
  readonly all: ReadonlyMap<string, Session> = this.#sessions;

  constructor(broker: SessionStoreHost) {
    this.#broker = broker;
  }

  /** The client's session, a new one when it had none. The client is back: nothing ends it meanwhile. */
  open(clientId: string): Session {
    const session = this.#sessions.get(clientId) ?? new Session(clientId, this.#broker);
    this.#sessions.set(clientId, session);
    this.#stopTimers(session);
    return session;
  }

  /** The client is gone: its will is due after its delay, the session ends after its expiry interval. */
  leave(session: Session): void {
    // Of a shared subscription another takes over at once; section 4.8.2 of MQTT 5 lets the broker choose whether it waits.
    this.#broker.reroute(session.giveUpShared());
    this.#after(session, session.will?.delaySeconds ?? 0, () => this.#publishWill(session));
    this.#after(session, session.expirySeconds, () => this.end(session));
  }

  end(session: Session): void {
    if (this.#sessions.get(session.clientId) !== session) return;
    this.#stopTimers(session);
    this.#publishWill(session);
    this.#sessions.delete(session.clientId);
    for (const filter of session.filters) this.#broker.subscriptions.remove(session, filter);
    const left = session.unsettled();
    session.end();
    this.#broker.reroute(left);
  }

  /** Forgets everything, without wills: for the end of the broker. */
  clear(): void {
    for (const session of this.#sessions.values()) {
      this.#stopTimers(session);
      session.will = undefined;
    }
    this.#sessions.clear();
  }

  #publishWill(session: Session): void {
    const { will } = session;
    session.will = undefined;
    if (will !== undefined) this.#broker.publish({ ...will.message, arrivedAt: Date.now() }, session);
  }

  /** A time that is too long for Node's timers doesn't come while the broker lives. */
  #after(session: Session, seconds: number, run: () => void): void {
    const ms = seconds * 1000;
    if (ms === 0) run();
    else if (ms <= MAX_TIMER_MS) session.timers.push(setTimeout(run, ms).unref());
  }

  #stopTimers(session: Session): void {
    for (const timer of session.timers.splice(0)) clearTimeout(timer);
  }
}
