import type { IllegalStateError, TransportError, WireMessage } from '@intersect-sdk/core';
import { abortedError, settlesWithin, untilAborted } from '@intersect-sdk/core/internal';
import {
  type ConnectOptions,
  type DrainOptions,
  type PublishOptions,
  resolveConnectOptions,
  resolveDrainOptions,
  type SubscribeOptions,
} from '../call-options.js';
import type { DeliveryHandler, Subscription, Transport, TransportCapabilities } from '../contract.js';
import type { Link, TransportDriver } from '../driver.js';
import type { TransportEvent, TransportState } from '../events.js';
import type { ResolvedSupervisorOptions } from '../options.js';
import { publishProblem, subscribeProblem } from './argument-checks.js';
import { CLOSE_TIMEOUT_MS, LinkKeeper, type LinkUser } from './link-keeper.js';
import { ListenerSet } from './listener-set.js';
import { PendingPublishes } from './pending-publishes.js';
import { sharedDriver } from './shared-driver.js';
import { othersOf } from './sharing.js';
import { closedError, drainingError, notConnectedError } from './state-errors.js';
import { Subscriptions, type WantedSubscription } from './subscriptions.js';

/** The one implementation of `Transport`: states, subscriptions and pending publishes over any driver. */
export class SupervisedTransport implements Transport {
  readonly name: string;
  readonly closed: Promise<TransportError | undefined>;
  readonly isShared: boolean;
  readonly #driver: TransportDriver;
  readonly #options: ResolvedSupervisorOptions;
  readonly #listeners: ListenerSet<TransportEvent>;
  readonly #pending: PendingPublishes;
  readonly #subscriptions: Subscriptions;
  readonly #keeper: LinkKeeper;
  /** Aborted as soon as the end begins, before the state says `closed`. */
  readonly #ending = new AbortController();
  #resolveClosed!: (error: TransportError | undefined) => void;
  #state: TransportState = { kind: 'idle' };
  #draining = false;
  #end: Promise<void> | undefined;

  constructor(driver: TransportDriver, options: ResolvedSupervisorOptions, isShared = false) {
    this.name = driver.name;
    this.isShared = isShared;
    this.#driver = driver;
    this.#options = options;
    this.#listeners = new ListenerSet(options.logger);
    this.#pending = new PendingPublishes(options);
    this.#subscriptions = new Subscriptions({
      handlerFailed: (channel, error) => this.#tell({ kind: 'handler-failed', channel, error }),
      lost: (channel, error) => this.#tell({ kind: 'subscription-lost', channel, error }),
      linkLost: (link, error) => this.#keeper.lostThrough(link, error),
      sharingOf: (link) => link.sharing ?? driver.capabilities.sharing,
    });
    this.#keeper = new LinkKeeper({
      driver,
      delays: options,
      user: this.#linkUser(),
      ending: this.#ending.signal,
    });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  get capabilities(): TransportCapabilities {
    const { capabilities } = this.#driver;
    const sharing = this.#keeper.link?.sharing ?? capabilities.sharing;
    return { ...capabilities, sharing, maxPayloadBytes: this.#maxPayloadBytes };
  }

  get state(): TransportState {
    return this.#state;
  }

  async connect(options: ConnectOptions = {}): Promise<void> {
    this.#throwIfEnding();
    const { signal, retry, session } = resolveConnectOptions(options);
    if (signal?.aborted) throw abortedError(`Connecting to ${this.name}`, signal);
    await this.#keeper.connect({ signal, retry, session });
  }

  publish(message: WireMessage, options: PublishOptions = {}): Promise<void> {
    const problem = this.#notUsable() ?? publishProblem(message, options, this.#maxPayloadBytes);
    return problem ? Promise.reject(problem) : this.#pending.add(message, options, this.#keeper.link);
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
    const { link } = this.#keeper;
    if (link) this.#subscribeOn(link, wanted);
    try {
      await untilAborted(wanted.confirmed, `Subscribing to ${channel}`, options.signal);
    } catch (error) {
      await unsubscribe();
      throw error;
    }
    const others = (): Promise<number | undefined> => othersOf(wanted, this.#keeper.link);
    return { channel, unsubscribe, others, [Symbol.asyncDispose]: unsubscribe };
  }

  async drain(options: DrainOptions = {}): Promise<void> {
    const { timeoutMs } = resolveDrainOptions(options);
    if (this.#state.kind === 'closed') return;
    if (!this.#draining) {
      this.#draining = true;
      this.#subscriptions.pause();
      this.#pending.dropUnwanted();
      this.#setState({ kind: 'draining' });
    }
    if (this.#keeper.link || this.#keeper.dialing) {
      const settled = this.#subscriptions.idle().then(() => this.#pending.empty());
      await settlesWithin(Promise.race([settled, this.closed]), timeoutMs);
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

  share(): Transport {
    return new SupervisedTransport(sharedDriver(this.#driver, this.#state), this.#options, true);
  }

  onEvent(listener: (event: TransportEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  get #maxPayloadBytes(): number | undefined {
    return this.#keeper.link?.maxPayloadBytes ?? this.#driver.capabilities.maxPayloadBytes;
  }

  #linkUser(): LinkUser {
    return {
      events: {
        refused: (channel, error) => this.#tell({ kind: 'message-refused', channel, error }),
        notice: (channel, message) => this.#tell({ kind: 'notice', channel, message }),
        flow: (blocked, reason) => this.#tell({ kind: 'flow', blocked, reason }),
      },
      isConnecting: () => this.#state.kind === 'connecting',
      setState: (changed) => this.#setState(changed),
      prepare: (link) => this.#subscriptions.restoreOn(link),
      linkOpened: (link) => this.#onOpened(link),
      linkLost: (link, error) => this.#onLost(link, error),
      subscriptionLost: (link, spec, error) => void this.#subscriptions.renew(link, spec, error),
      end: (error) => void this.#endWith(error),
    };
  }

  #onOpened(link: Link): void {
    for (const wanted of this.#subscriptions.missingOn(link)) this.#subscribeOn(link, wanted);
    try {
      link.ready?.();
    } catch (error) {
      // The call only tells the link something, so its failure changes nothing.
      this.#options.logger.warn(
        { transport: this.name, error },
        'the link threw in ready(), which is ignored',
      );
    }
    this.#pending.flush(link);
    this.#setState({ kind: 'open' });
  }

  #subscribeOn(link: Link, wanted: WantedSubscription): void {
    this.#subscriptions.subscribeOn(link, wanted).catch((error) => this.#keeper.lostThrough(link, error));
  }

  #onLost(link: Link, error: TransportError): void {
    this.#subscriptions.linkLost();
    link.destroy();
    this.#pending.linkLost(error);
  }

  async #unsubscribe(wanted: WantedSubscription): Promise<void> {
    if (wanted.ended) return;
    this.#subscriptions.remove(wanted);
    const { link } = this.#keeper;
    if (link && wanted.link === link) await link.unsubscribe(wanted.spec);
  }

  #endWith(error: TransportError | undefined): Promise<void> {
    this.#end ??= this.#endOnce(error);
    return this.#end;
  }

  async #endOnce(error: TransportError | undefined): Promise<void> {
    this.#ending.abort();
    const { link, dialing } = this.#keeper.release();
    const reason = error ?? this.#closedError();
    this.#pending.rejectAll(reason);
    this.#subscriptions.endAll(reason);
    if (link) {
      const orderly = !error && (await settlesWithin(link.close(), CLOSE_TIMEOUT_MS));
      if (!orderly) link.destroy();
    }
    if (dialing !== undefined) await settlesWithin(dialing, CLOSE_TIMEOUT_MS);
    this.#setState({ kind: 'closed', ...(error ? { error } : {}) });
    this.#resolveClosed(error);
  }

  #throwIfEnding(): void {
    if (this.#ending.signal.aborted) throw this.#closedError();
    if (this.#draining) throw drainingError(this.name);
  }

  #notUsable(): Error | undefined {
    if (this.#ending.signal.aborted) return this.#closedError();
    // Handlers that are still at work must be able to send their answers.
    if (this.#draining) return this.#subscriptions.running > 0 ? undefined : drainingError(this.name);
    if (this.#state.kind !== 'idle') return undefined;
    return notConnectedError(this.name);
  }

  #closedError(): IllegalStateError {
    return closedError(this.name, this.#state.kind === 'closed' ? this.#state.error : undefined);
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
