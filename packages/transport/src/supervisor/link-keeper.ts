import { newId, type TransportError } from '@intersect-sdk/core';
import { settlesWithin, untilAborted } from '@intersect-sdk/core/internal';
import type { ConnectOptions, SessionOptions } from '../call-options.js';
import type { Link, LinkEvents, SubscriptionSpec, TransportDriver } from '../driver.js';
import type { TransportState } from '../events.js';
import type { ResolvedSupervisorOptions } from '../options.js';
import { type DialAttempt, dial } from './dialer.js';
import { closedError } from './state-errors.js';

/** How long an orderly close may take before the socket is dropped. */
export const CLOSE_TIMEOUT_MS = 3_000;

/** The transport that uses the link. */
export interface LinkUser {
  /** What a link tells that changes nothing for its keeper. */
  readonly events: Pick<LinkEvents, 'refused' | 'flow' | 'notice'>;
  /** Whether its state is `connecting`: the first link is being dialed, and it is not draining. */
  isConnecting(): boolean;
  setState(state: TransportState): void;
  /** Makes a new link ready to be used. It is not in use before that. */
  prepare(link: Link): Promise<void>;
  /** Uses the link from now on. Must not await: what is published or subscribed in between would miss the link. */
  linkOpened(link: Link): void;
  /** The link in use is lost, and is to be destroyed. */
  linkLost(link: Link, error: TransportError): void;
  subscriptionLost(link: Link, spec: SubscriptionSpec, error: TransportError): void;
  /** Trying again can't help. */
  end(error: TransportError): void;
}

export interface LinkKeeperOptions {
  readonly driver: TransportDriver;
  readonly delays: Pick<ResolvedSupervisorOptions, 'reconnectMinDelayMs' | 'reconnectMaxDelayMs'>;
  readonly user: LinkUser;
  /** Aborted as soon as the end of the transport begins. */
  readonly ending: AbortSignal;
}

interface Dial {
  readonly promise: Promise<void>;
  readonly abort: AbortController;
  /** How many callers of connect() wait for it. */
  waiters: number;
}

/** Has one link at a time: dials it, hands it over, and dials again when it is lost. */
export class LinkKeeper {
  readonly #options: LinkKeeperOptions;
  #session: SessionOptions | undefined;
  #link: Link | undefined;
  #dial: Dial | undefined;

  constructor(options: LinkKeeperOptions) {
    this.#options = options;
  }

  /** The link, from the moment it is ready to use until it is lost. */
  get link(): Link | undefined {
    return this.#link;
  }

  get dialing(): boolean {
    return this.#dial !== undefined;
  }

  /** Resolves when there is a link. Joins an attempt that is under way. */
  async connect({ session, retry = false, signal }: ConnectOptions): Promise<void> {
    if (this.#link) return;
    this.#session ??= session ?? { id: `intersect-${newId()}`, keepForMs: 60_000, keepAfterClose: false };
    this.#dial ??= this.#startDial({ retry });
    const dialing = this.#dial;
    const { driver, user } = this.#options;
    dialing.waiters++;
    try {
      await untilAborted(dialing.promise, `Connecting to ${driver.name}`, signal);
    } catch (error) {
      // The last caller that waited for the first connection gave up: leave nothing behind.
      if (signal?.aborted && dialing.waiters === 1 && user.isConnecting()) {
        dialing.abort.abort(signal.reason);
        await settlesWithin(dialing.promise, CLOSE_TIMEOUT_MS);
      }
      throw error;
    } finally {
      dialing.waiters--;
    }
  }

  /** Whoever used the link found that it is lost. By then the link has mostly said so itself. */
  lostThrough(link: Link, error: TransportError): void {
    if (this.#link === link) this.#onLost(link, error);
  }

  /** Gives the link away, to be closed, and the end of the dial that was under way, which the signal `ending` has aborted. */
  release(): { readonly link: Link | undefined; readonly dialing: Promise<void> | undefined } {
    const link = this.#link;
    this.#link = undefined;
    return { link, dialing: this.#dial?.promise };
  }

  /** Dials for the first time, or again after `lostWith`. */
  #startDial({ retry, lostWith }: { retry: boolean; lostWith?: TransportError }): Dial {
    const { driver, delays, user, ending } = this.#options;
    const abort = new AbortController();
    const promise = dial(driver, {
      session: this.#session as SessionOptions,
      signal: AbortSignal.any([abort.signal, ending]),
      retry,
      waitFirst: lostWith !== undefined,
      minDelayMs: delays.reconnectMinDelayMs,
      maxDelayMs: delays.reconnectMaxDelayMs,
      onAttempt: (attempt, retryInMs, error = lostWith) => {
        if (lostWith && error) user.setState({ kind: 'reconnecting', attempt, retryInMs, error });
        else user.setState({ kind: 'connecting', attempt });
      },
      begin: (failAttempt) => this.#beginAttempt(failAttempt),
    }).catch((error: TransportError) => {
      this.#dial = undefined;
      if (!error.retryable && error.code !== 'ABORTED') user.end(error);
      else if (!ending.aborted) user.setState({ kind: 'idle' });
      throw error;
    });
    // The error reaches the callers of connect(). Without any caller it is still in the state and the log.
    promise.catch(() => {});
    return { promise, abort, waiters: 0 };
  }

  #beginAttempt(failAttempt: (error: TransportError) => void): DialAttempt {
    const { user } = this.#options;
    // Late events of a lost link must not affect a newer one.
    let opened: Link | undefined;
    let own: Link | undefined;
    const current = (): Link | undefined => (own !== undefined && own === this.#link ? own : undefined);
    return {
      adopt: async (link) => {
        opened = link;
        await user.prepare(link);
        own = link;
        this.#adopt(link);
      },
      events: {
        ...user.events,
        lost: (error) => {
          const link = current();
          if (link) this.#onLost(link, error);
          else if (!own) failAttempt(error);
        },
        subscriptionLost: (spec, error) => {
          const link = own ? current() : opened;
          if (link) user.subscriptionLost(link, spec, error);
        },
      },
    };
  }

  #adopt(link: Link): void {
    const { driver, user, ending } = this.#options;
    if (ending.aborted) throw closedError(driver.name);
    this.#link = link;
    this.#dial = undefined;
    user.linkOpened(link);
  }

  #onLost(link: Link, error: TransportError): void {
    const { user } = this.#options;
    this.#link = undefined;
    user.linkLost(link, error);
    if (error.retryable) this.#dial = this.#startDial({ retry: true, lostWith: error });
    else user.end(error);
  }
}
