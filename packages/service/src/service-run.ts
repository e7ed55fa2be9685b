import type { LifecycleType, WireMessage } from '@intersect-sdk/core';
import {
  BrokerGroup,
  type DataPlane,
  EventStreams,
  Finish,
  type GroupDelivery,
  type GroupSubscription,
  type NextTold,
  nextToldOf,
  type ParticipantRun,
  Requester,
  type ShutdownOptions,
  ToldStatusListeners,
} from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import type { CompiledOperation } from './compile/compiled.js';
import type { ResolvedServiceConfig } from './config.js';
import { Deadline } from './deadline.js';
import type { EventListeners } from './others/event-listeners.js';
import { type CheckedExternalRequest, type ExternalRequests, sendAll } from './others/external-requests.js';
import { type CheckedEvent, eventDeparture, eventMessage } from './outgoing/event-message.js';
import { lifecycleMessage } from './outgoing/lifecycle-message.js';
import { assertCanComeBack } from './replicas/assert-can-come-back.js';
import { sessionOf } from './replicas/instance.js';
import { isFarewell, othersTakeRequests } from './replicas/last-instance.js';
import { SeenRun } from './seen-run.js';
import { maxWaitingAt, tellOfLongOperations } from './serve/at-the-broker.js';
import type { RequestProcessor } from './serve/request-processor.js';
import { RequestServer } from './serve/request-server.js';

/** What a run uses of its service. */
export interface ServiceRunOptions {
  readonly address: string;
  readonly campaignId: string;
  readonly config: ResolvedServiceConfig;
  readonly transports: readonly Transport[];
  readonly processor: RequestProcessor;
  readonly operations: readonly CompiledOperation[];
  readonly data: DataPlane;
  readonly external: ExternalRequests;
  readonly events: EventListeners;
  /** Requests to send when the service is up. */
  readonly startupMessages: readonly CheckedExternalRequest[];
  /** Requests to send when it ends; those with a handler are waited for. */
  readonly shutdownMessages: readonly CheckedExternalRequest[];
  /** The payload of STARTUP and POLLING. */
  readonly describe: () => Promise<unknown>;
}

const LIFECYCLE_TIMEOUT_MS = 10_000;
/** What there is always time for at the end: the last messages and the goodbye to the broker. */
const LEAVE_MS = 1_000;
const FIRST_POLLING_MS = 60_000;

/** One run of a service, from startup to shutdown. */
export class ServiceRun implements ParticipantRun {
  readonly #options: ServiceRunOptions;
  readonly brokers: BrokerGroup;
  readonly requester: Requester;
  readonly streams: EventStreams;
  readonly statuses: ToldStatusListeners;
  readonly nextTold: NextTold;
  readonly #server: RequestServer;
  readonly #seen: SeenRun;
  #requests: GroupSubscription | undefined;
  #polling: NodeJS.Timeout | undefined;
  readonly #finish = new Finish();
  #ended = false;

  constructor(options: ServiceRunOptions) {
    const { address, campaignId, config, processor, transports, data } = options;
    const { observers } = config;
    this.#options = options;
    this.#seen = new SeenRun(config.seen, observers.report);
    this.brokers = new BrokerGroup(transports, {
      session: sessionOf(address, config),
      observers,
    });
    const { wire, maxPayloadBytes, integers, maxPendingRequests, requestTimeoutMs, answerRetryMs } = config;
    this.requester = new Requester({
      wire,
      brokers: this.brokers,
      source: address,
      campaignId,
      observers,
      data,
      maxPayloadBytes,
      integers,
      maxPendingRequests,
      requestTimeoutMs,
      hasSiblings: config.instance !== undefined,
      onControl: (message, broker) => processor.control(message, broker),
    });
    const { brokers } = this;
    // Nobody would read what a broker keeps of a loop that is over once the program has ended; what is kept is `registerEvent`'s.
    const listening = {
      wire,
      brokers,
      observers,
      data,
      retention: 'none',
      maxPayloadBytes,
      integers,
    } as const;
    this.streams = new EventStreams(listening);
    this.statuses = new ToldStatusListeners(listening);
    const maxWaiting = (broker: Transport): number => maxWaitingAt(broker, config);
    this.nextTold = nextToldOf(listening);
    this.#server = new RequestServer({ brokers, processor, observers, data, answerRetryMs, maxWaiting });
    void this.brokers.failed.then((error) => {
      this.streams.fail(error);
      this.#finish.end(error);
    });
  }

  get finished(): Promise<void> {
    return this.#finish.promise;
  }

  /** Resolves when the service can be asked and has said so. */
  async begin(signal: AbortSignal): Promise<void> {
    const { address, config, external, events, startupMessages, operations } = this.#options;
    const { instance } = config;
    // First, so that whatever ends the run closes it.
    await this.#seen.open();
    signal.throwIfAborted();
    await this.brokers.connect(signal);
    tellOfLongOperations(operations, this.brokers.transports, config.observers.report);
    if (instance) assertCanComeBack(this.brokers.transports, instance);
    // Before requests are taken: a handler may ask another service at once.
    await this.requester.start(instance ? 'session' : 'durable');
    signal.throwIfAborted();
    external.open(this.requester);
    await events.open(this.brokers);
    this.#requests = await this.brokers.subscribe(
      config.wire.requestChannel(address),
      (message, delivery) => this.#take(message, delivery),
      { retention: 'durable', shared: instance !== undefined, concurrency: config.maxInFlight, signal },
    );
    await this.tellLifecycle('LCT_STARTUP', await this.#options.describe());
    signal.throwIfAborted();
    this.#pollAfter(Math.max(FIRST_POLLING_MS, config.statusIntervalMs));
    for (const message of startupMessages) external.create(message);
    config.logger.info({ address }, 'service is up');
  }

  #take(message: WireMessage, delivery: GroupDelivery): Promise<void> | undefined {
    const ofSibling = this.#options.config.instance !== undefined && isFarewell(message);
    return ofSibling ? undefined : this.#server.handle(message, delivery);
  }

  async publishEvent(event: CheckedEvent): Promise<void> {
    const { address, config, data } = this.#options;
    const { observers, wire } = config;
    const companion = observers.seesDepartures
      ? observers.depart(eventDeparture(event, { wire, address }), event.headers)
      : undefined;
    try {
      const further = companion?.headers ?? event.headers;
      const message = await eventMessage({ ...event, headers: further }, { wire, address }, data);
      await this.brokers.publishToAll(message, { durable: true, expiresAfterMs: event.expiresInMs });
      companion?.ended();
    } catch (error) {
      companion?.ended(error);
      throw error;
    }
  }

  /** Never rejects: what the message tells has happened, whether it gets through or not. */
  async tellLifecycle(type: LifecycleType, payload: unknown): Promise<void> {
    const { address, config } = this.#options;
    try {
      const message = lifecycleMessage({ ...config, address }, type, payload);
      await this.brokers.publishToAll(message, { durable: false, timeoutMs: LIFECYCLE_TIMEOUT_MS });
    } catch (error) {
      config.observers.report({ kind: 'lifecycle-not-sent', lifecycleType: type, error });
    }
  }

  /** Takes no more requests, lets those that run end, sends what is pending, and disconnects. */
  async end({ reason, forget = false }: ShutdownOptions): Promise<void> {
    const { config, processor, external, shutdownMessages, data } = this.#options;
    const deadline = new Deadline(config.shutdownTimeoutMs);
    this.#ended = true;
    clearTimeout(this.#polling);
    processor.stop(new DOMException('The service is stopping', 'AbortError'));
    if (this.#requests) await deadline.allows(this.#requests.unsubscribe({ forget }));
    let allAnswered = await deadline.allows(this.#server.idle());
    // Those that were acknowledged would not come back: their askers are told.
    if (!allAnswered && processor.giveUpStarted())
      allAnswered = await new Deadline(LEAVE_MS).allows(this.#server.idle());
    external.close();
    this.#stopListening();
    await deadline.allows(
      sendAll(shutdownMessages, {
        requester: this.requester,
        report: config.observers.report,
        timeoutMs: config.requestTimeoutMs,
      }),
    );
    await new Deadline(Math.max(LEAVE_MS, deadline.remainingMs)).allows(this.#sayGoodbye(reason, forget));
    this.requester.abortAll('the service was shut down before the answer came.');
    if (forget && allAnswered)
      await new Deadline(LEAVE_MS).allows(
        Promise.all([this.requester.forget(), this.#options.events.forget()]),
      );
    this.#server.end();
    await data.end(deadline.remainingMs);
    // What is not answered by now must not be acknowledged, so that it comes back at the next start.
    if (allAnswered) await this.brokers.drain(Math.max(LEAVE_MS, deadline.remainingMs));
    else await this.abandon();
    await this.#seen.close();
    this.#finish.end();
  }

  /** Of several instances the last one says that the service is gone. */
  async #sayGoodbye(reason: string | undefined, forget: boolean): Promise<void> {
    const { address, config, events } = this.#options;
    const { instance, wire } = config;
    if (instance && this.#requests) {
      const farewell = {
        brokers: this.brokers,
        requests: this.#requests,
        requestChannel: wire.requestChannel(address),
        instanceId: instance.id,
      };
      if (await othersTakeRequests(farewell)) {
        // The last one keeps what it listens to: somebody comes back for it.
        if (!forget) await events.leaveToOthers();
        return;
      }
    }
    await this.tellLifecycle('LCT_SHUTDOWN', reason ?? null);
  }

  /** Disconnects at once. */
  async abandon(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#polling);
    this.#options.external.close();
    this.#stopListening();
    this.requester.abortAll('the service was shut down before the answer came.');
    await this.brokers.close();
    await this.#seen.close();
    this.#finish.end();
  }

  #stopListening(): void {
    this.#options.events.close();
    this.streams.end();
    this.statuses.end();
  }

  #pollAfter(delayMs: number): void {
    this.#polling = setTimeout(() => void this.#poll(), delayMs);
  }

  async #poll(): Promise<void> {
    this.#pollAfter(this.#options.config.statusIntervalMs);
    const payload = await this.#options.describe();
    if (!this.#ended) await this.tellLifecycle('LCT_POLLING', payload);
  }
}
