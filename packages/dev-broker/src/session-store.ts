import type { Message } from './message.js';
import { Session, type SessionLimits } from './session.js';

/** The longest delay that Node's timers know, almost 25 days. */
const MAX_TIMER_MS = 0x7fff_ffff;

export interface SessionStoreHooks {
  /** The session is over: its subscriptions and shared messages need a new home. */
  readonly onEnd: (session: Session) => void;
  readonly onWill: (message: Message, session: Session) => void;
}

/** The sessions by client identifier, with the clocks that end those whose client stays away. */
export class SessionStore {
  readonly #sessions = new Map<string, Session>();
  readonly #timers = new Map<Session, NodeJS.Timeout[]>();
  readonly #hooks: SessionStoreHooks;
  readonly #limits: SessionLimits;

  constructor(limits: SessionLimits, hooks: SessionStoreHooks) {
    this.#limits = limits;
    this.#hooks = hooks;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(clientId: string): Session | undefined {
    return this.#sessions.get(clientId);
  }

  all(): Session[] {
    return [...this.#sessions.values()];
  }

  /** The client's session, a new one when it had none. The client is back: nothing ends it meanwhile. */
  open(clientId: string): Session {
    let session = this.#sessions.get(clientId);
    if (session === undefined) {
      session = new Session(clientId, this.#limits);
      this.#sessions.set(clientId, session);
    }
    this.#clear(session);
    session.will = undefined;
    return session;
  }

  /** The client is gone: its will is due after its delay, the session ends after its expiry interval. */
  leave(session: Session): void {
    const { will, expirySeconds } = session;
    if (will !== undefined && will.delaySeconds > 0) {
      this.#after(session, will.delaySeconds, () => this.#publishWill(session));
    } else {
      this.#publishWill(session);
    }
    if (expirySeconds > 0) this.#after(session, expirySeconds, () => this.end(session));
    else this.end(session);
  }

  end(session: Session): void {
    if (this.#sessions.get(session.clientId) !== session) return;
    this.#clear(session);
    this.#publishWill(session);
    this.#sessions.delete(session.clientId);
    this.#hooks.onEnd(session);
  }

  /** Forgets everything, without wills: for the end of the broker. */
  clear(): void {
    for (const session of this.#timers.keys()) this.#clear(session);
    this.#sessions.clear();
  }

  #publishWill(session: Session): void {
    const { will } = session;
    session.will = undefined;
    if (will !== undefined) this.#hooks.onWill({ ...will.message, arrivedAt: Date.now() }, session);
  }

  /** A time that is too long for Node's timers doesn't come while the broker lives. */
  #after(session: Session, seconds: number, run: () => void): void {
    if (seconds * 1000 > MAX_TIMER_MS) return;
    const timer = setTimeout(run, seconds * 1000).unref();
    this.#timers.set(session, [...(this.#timers.get(session) ?? []), timer]);
  }

  #clear(session: Session): void {
    for (const timer of this.#timers.get(session) ?? []) clearTimeout(timer);
    this.#timers.delete(session);
  }
}
