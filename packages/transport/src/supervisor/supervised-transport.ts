import { IllegalStateError, newId, type TransportError, type WireMessage } from '@intersect-sdk/core';
import { abortedError, settlesWithin, untilAborted } from '@intersect-sdk/core/internal';
import type {
  ConnectOptions,
  DeliveryHandler,
  PublishOptions,
  SessionOptions,
  SubscribeOptions,
  Subscription,
  Transport,
  TransportCapabilities,
} from '../contract.js';
import type { Link, TransportDriver } from '../driver.js';
import type { TransportEvent, TransportState } from '../events.js';
import type { ResolvedSupervisorOptions } from '../options.js';
import {
  checkConnectOptions,
  checkDrainOptions,
  publishProblem,
  subscribeProblem,
} from './argument-checks.js';
import { type DialAttempt, dial } from './dialer.js';
import { ListenerSet } from './listener-set.js';
import { PendingPublishes } from './pending-publishes.js';
import { Subscriptions, type WantedSubscription } from './subscriptions.js';

const DRAIN_TIMEOUT_MS = 10_000;
/** How long an orderly close may take before the socket is dropped. */
const CLOSE_TIMEOUT_MS = 3_000;

interface Dial {
  readonly promise: Promise<void>;
  readonly abort: AbortController;
  /** How many callers of connect() wait for it. */
  waiters: number;
}

/** The one implementation of `Transport`: states, reconnecting, resubscribing and pending publishes over any driver. */
export class SupervisedTransport implements Transport {
  readonly name: string;
  readonly closed: Promise<TransportError | undefined>;
  readonly #driver: TransportDriver;
  readonly #options: ResolvedSupervisorOptions;
  readonly #listeners: ListenerSet<TransportEvent>;
  readonly #pending: PendingPublishes;
  readonly #subscriptions: Subscriptions;
  /** Aborted as soon as the end begins, before the state says `closed`. */
  readonly #ending = new AbortController();
  #resolveClosed!: (error: TransportError | undefined) => void;
  #session: SessionOptions | undefined;
  #state: TransportState = { kind: 'idle' };
  #draining = false;
  /** The link, from the moment it is ready to use until it is lost. */
  #link: Link | undefined;
  #dial: Dial | undefined;
  #end: Promise<void> | undefined;

  constructor(driver: TransportDriver, options: ResolvedSupervisorOptions) {
    this.name = driver.name;
    this.#driver = driver;
    this.#options = options;
    this.#listeners = new ListenerSet(options.logger);
    this.#pending = new PendingPublishes(options);
    this.#subscriptions = new Subscriptions({
      handlerFailed: (channel, error) => this.#tell({ kind: 'handler-failed', channel, error }),
      lost: (channel, error) => this.#tell({ kind: 'subscription-lost', channel, error }),
      linkLost: (link, error) => this.#lostThrough(link, error),
    });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  get capabilities(): TransportCapabilities {
    return { ...this.#driver.capabilities, maxPayloadBytes: this.#maxPayloadBytes };
  }

  get state(): TransportState {
    return this.#state;
  }

  async connect(options: ConnectOptions = {}): Promise<void> {
    this.#throwIfEnding();
    checkConnectOptions(options);
    if (options.signal?.aborted) throw abortedError(`Connecting to ${this.name}`, options.signal);
    if (this.#link) return;
    this.#session ??= options.session ?? {
      id: `intersect-${newId()}`,
      keepForMs: 60_000,
      keepAfterClose: false,
    };
    this.#dial ??= this.#startDial({ retry: options.retry ?? false });
    const dialing = this.#dial;
    dialing.waiters++;
    try {
      await untilAborted(dialing.promise, `Connecting to ${this.name}`, options.signal);
    } catch (error) {
      // The last caller that waited for the first connection gave up: leave nothing behind.
      if (options.signal?.aborted && dialing.waiters === 1 && this.#state.kind === 'connecting') {
        dialing.abort.abort(options.signal.reason);
        await settlesWithin(dialing.promise, CLOSE_TIMEOUT_MS);
      }
      throw error;
    } finally {
      dialing.waiters--;
    }
  }

  publish(message: WireMessage, options: PublishOptions = {}): Promise<void> {
    const problem = this.#notUsable() ?? publishProblem(message, options, this.#maxPayloadBytes);
    return problem ? Promise.reject(problem) : this.#pending.add(message, options, this.#link);
  }

  async subscribe(
    channel: string,
    handler: DeliveryHandler,
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    if (this.#draining) this.#throwIfEnding();
    const problem = this.#notUsable() ?? subscribeProblem(channel, handler, options);
    if (problem) throw problem;
    const wanted = this.#subscriptions.add(channel, handler, options);
    const unsubscribe = (): Promise<void> => this.#unsubscribe(wanted);
    if (this.#link) this.#subscribeOn(this.#link, wanted);
    try {
      await untilAborted(wanted.confirmed, `Subscribing to ${channel}`, options.signal);
    } catch (error) {
      await unsubscribe();
      throw error;
    }
    return { channel, unsubscribe, [Symbol.asyncDispose]: unsubscribe };
  }

  async drain(options: { readonly timeoutMs?: number | undefined } = {}): Promise<void> {
    checkDrainOptions(options);
    if (this.#state.kind === 'closed') return;
    if (!this.#draining) {
      this.#draining = true;
      this.#subscriptions.pause();
      this.#pending.dropUnwanted();
      this.#setState({ kind: 'draining' });
    }
    if (this.#link || this.#dial) {
      const settled = this.#subscriptions.idle().then(() => this.#pending.empty());
      await settlesWithin(Promise.race([settled, this.closed]), options.timeoutMs ?? DRAIN_TIMEOUT_MS);
    }
    await this.close();
  }

  close(): Promise<void> {
    return this.#endWith(undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain();
  }

  fresh(): Transport {
    return new SupervisedTransport(this.#driver, this.#options);
  }

  onEvent(listener: (event: TransportEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  get #maxPayloadBytes(): number | undefined {
    return this.#link?.maxPayloadBytes ?? this.#driver.capabilities.maxPayloadBytes;
  }

  /** Dials for the first time, or again after `lostWith`. */
  #startDial({ retry, lostWith }: { retry: boolean; lostWith?: TransportError }): Dial {
    const abort = new AbortController();
    const session = this.#session as SessionOptions;
    const promise = dial(this.#driver, {
      session,
      signal: AbortSignal.any([abort.signal, this.#ending.signal]),
      retry,
      waitFirst: lostWith !== undefined,
      minDelayMs: this.#options.reconnectMinDelayMs,
      maxDelayMs: this.#options.reconnectMaxDelayMs,
      onAttempt: (attempt, retryInMs, error = lostWith) => {
        if (lostWith && error) this.#setState({ kind: 'reconnecting', attempt, retryInMs, error });
        else this.#setState({ kind: 'connecting', attempt });
      },
      begin: (failAttempt) => this.#beginAttempt(failAttempt),
    }).catch((error: TransportError) => {
      this.#dial = undefined;
      if (!error.retryable && error.code !== 'ABORTED') void this.#endWith(error);
      else if (!this.#ending.signal.aborted) this.#setState({ kind: 'idle' });
      throw error;
    });
    // The error reaches the callers of connect(). Without any caller it is still in the state and the log.
    promise.catch(() => {});
    return { promise, abort, waiters: 0 };
  }

  #beginAttempt(failAttempt: (error: TransportError) => void): DialAttempt {
    // Late events of a lost link must not affect a newer one.
    let opened: Link | undefined;
    let own: Link | undefined;
    const current = (): Link | undefined => (own !== undefined && own === this.#link ? own : undefined);
    return {
      adopt: async (link) => {
        opened = link;
        await this.#restoreSubscriptions(link);
        own = link;
        this.#adopt(link);
      },
      events: {
        lost: (error) => {
          if (current()) this.#onLost(error);
          else if (!own) failAttempt(error);
        },
        subscriptionLost: (spec, error) => {
          const link = own ? current() : opened;
          if (link) void this.#subscriptions.renew(link, spec, error);
        },
        refused: (channel, error) => this.#tell({ kind: 'message-refused', channel, error }),
        notice: (channel, message) => this.#tell({ kind: 'notice', channel, message }),
        flow: (blocked, reason) => this.#tell({ kind: 'flow', blocked, reason }),
      },
    };
  }

  /** Subscriptions come before the pending publishes, so that no answer to one of those is missed. */
  async #restoreSubscriptions(link: Link): Promise<void> {
    for (;;) {
      const missing = this.#subscriptions.missingOn(link);
      if (missing.length === 0) return;
      await Promise.all(missing.map((wanted) => this.#subscriptions.subscribeOn(link, wanted)));
    }
  }

  /** Takes the link over. Must not await: anything published, subscribed or lost in between would miss the link. */
  #adopt(link: Link): void {
    if (this.#ending.signal.aborted) throw this.#closedError();
    this.#link = link;
    this.#dial = undefined;
    for (const wanted of this.#subscriptions.missingOn(link)) this.#subscribeOn(link, wanted);
    try {
      link.ready?.();
    } catch (error) {
      // It was told something, and nothing was asked of it.
      this.#options.logger.warn(
        { transport: this.name, error },
        'the link threw in ready(), which is ignored',
      );
    }
    this.#pending.flush(link);
    this.#setState({ kind: 'open' });
  }

  #subscribeOn(link: Link, wanted: WantedSubscription): void {
    this.#subscriptions.subscribeOn(link, wanted).catch((error) => this.#lostThrough(link, error));
  }

  /** One who used the link found that it is lost. Mostly the link has told so itself by then. */
  #lostThrough(link: Link, error: TransportError): void {
    if (this.#link === link) this.#onLost(error);
  }

  #onLost(error: TransportError): void {
    const link = this.#link;
    this.#link = undefined;
    this.#subscriptions.linkLost();
    link?.destroy();
    this.#pending.linkLost(error);
    if (!error.retryable) void this.#endWith(error);
    else this.#dial = this.#startDial({ retry: true, lostWith: error });
  }

  async #unsubscribe(wanted: WantedSubscription): Promise<void> {
    if (wanted.ended) return;
    this.#subscriptions.remove(wanted);
    if (this.#link && wanted.link === this.#link) await this.#link.unsubscribe(wanted.spec);
  }

  #endWith(error: TransportError | undefined): Promise<void> {
    this.#end ??= this.#endOnce(error);
    return this.#end;
  }

  async #endOnce(error: TransportError | undefined): Promise<void> {
    this.#ending.abort();
    const link = this.#link;
    const dialing = this.#dial;
    this.#link = undefined;
    const reason = error ?? this.#closedError();
    this.#pending.rejectAll(reason);
    this.#subscriptions.endAll(reason);
    if (link) {
      const orderly = !error && (await settlesWithin(link.close(), CLOSE_TIMEOUT_MS));
      if (!orderly) link.destroy();
    }
    if (dialing) await settlesWithin(dialing.promise, CLOSE_TIMEOUT_MS);
    this.#setState({ kind: 'closed', ...(error ? { error } : {}) });
    this.#resolveClosed(error);
  }

  #throwIfEnding(): void {
    if (this.#ending.signal.aborted) throw this.#closedError();
    if (this.#draining) throw this.#drainingError();
  }

  #notUsable(): Error | undefined {
    if (this.#ending.signal.aborted) return this.#closedError();
    // Handlers that are still at work must be able to send their answers.
    if (this.#draining) return this.#subscriptions.running > 0 ? undefined : this.#drainingError();
    if (this.#state.kind !== 'idle') return undefined;
    return new IllegalStateError('NOT_CONNECTED', `${this.name} is not connected: await connect() first.`);
  }

  #closedError(): IllegalStateError {
    const cause = this.#state.kind === 'closed' ? this.#state.error : undefined;
    return new IllegalStateError('CLOSED', `${this.name} is closed. Make a new transport to connect again.`, {
      cause,
    });
  }

  #drainingError(): IllegalStateError {
    return new IllegalStateError('DRAINING', `${this.name} is shutting down.`);
  }

  #setState(state: TransportState): void {
    const changed = state.kind !== this.#state.kind;
    // Reconnecting goes on while draining, but the visible state stays `draining`.
    if (this.#draining && state.kind !== 'draining' && state.kind !== 'closed') return;
    this.#state = state;
    if (changed) this.#tell({ kind: 'state', state });
  }

  #tell(event: TransportEvent): void {
    const { logger } = this.#options;
    const fields = { transport: this.name, ...event };
    if (event.kind === 'state' && event.state.kind !== 'reconnecting') logger.info(fields, event.state.kind);
    else logger.warn(fields, event.kind === 'state' ? 'connection lost, reconnecting' : event.kind);
    this.#listeners.tell(event);
  }
}
