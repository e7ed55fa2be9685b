import type { Message } from './message.js';
import { Session, type SessionLimits } from './session.js';

const NEVER_EXPIRES = 0xffff_ffff;
/** The longest delay that Node's timers know, almost 25 days. */
const MAX_TIMER_MS = 0x7fff_ffff;

export interface SessionStoreHooks {
  /** The session is over: its subscriptions and shared messages need a new home. */
  readonly onEnd: (session: Session) => void;
  readonly onWill: (message: Message, session: Session) => void;
}

interface Timers {
  expiry?: NodeJS.Timeout;
  will?: NodeJS.Timeout;
}

/** The sessions by client identifier, with the clocks that end those whose client stays away. */
export class SessionStore {
  readonly #sessions = new Map<string, Session>();
  readonly #timers = new Map<Session, Timers>();
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
    const timers: Timers = {};
    if (will !== undefined && will.delaySeconds > 0 && expirySeconds > 0) {
      timers.will = after(will.delaySeconds, () => this.#publishWill(session));
    } else {
      this.#publishWill(session);
    }
    if (expirySeconds === 0) {
      this.end(session);
    } else {
      if (expirySeconds !== NEVER_EXPIRES) timers.expiry = after(expirySeconds, () => this.end(session));
      this.#timers.set(session, timers);
    }
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

  #clear(session: Session): void {
    const timers = this.#timers.get(session);
    clearTimeout(timers?.expiry);
    clearTimeout(timers?.will);
    this.#timers.delete(session);
  }
}

function after(seconds: number, run: () => void): NodeJS.Timeout {
  return setTimeout(run, Math.min(seconds * 1000, MAX_TIMER_MS)).unref();
}
