import { type Emission, internalsOf } from '@intersect-sdk/contract/internal';
import type {
  AnyCapability,
  CapabilityDefinition,
  CapabilityShape,
  RequestContext,
} from '@intersect-sdk/contract/plain';
import { ConfigError, type Issue, isIntersectError, newId } from '@intersect-sdk/core';
import {
  Asker,
  type CapabilityDoor,
  checkEventParams,
  createDoor,
  DataPlane,
  type DirectMessageParams,
  type DoorEnvironment,
  type EventHandler,
  type EventParams,
  type IntersectServiceConfig,
  type ItemStream,
  Participant,
  ParticipantLife,
  type Requester,
  type RequestOptions,
  type Response,
  type StreamedResponse,
  UncheckedPatterns,
} from '@intersect-sdk/messaging';
import { storeFor, transportFor } from '@intersect-sdk/messaging/broker-config';
import type { ServiceSchema } from '@intersect-sdk/schema';
import type { Transport } from '@intersect-sdk/transport';
import { compileService } from './compile/compile-service.js';
import type { CompiledCapability } from './compile/compiled.js';
import type { ResolvedServiceConfig } from './config.js';
import { doorsWithin } from './others/doors-within.js';
import { EventListeners } from './others/event-listeners.js';
import {
  type CheckedExternalRequest,
  checkExternalRequest,
  checkExternalRequests,
  type ExternalRequest,
  ExternalRequests,
  type ExternalResponseHandler,
} from './others/external-requests.js';
import { checkEvent } from './outgoing/event-message.js';
import { eventDelivery } from './replicas/deliveries.js';
import { checkKeys } from './serve/check-keys.js';
import { RequestProcessor } from './serve/request-processor.js';
import { ServiceRun } from './service-run.js';
import type { ServiceHealth } from './status/health.js';
import { selfDescriptionOf } from './status/self-description.js';
import { StatusReader } from './status/status-reader.js';

/**
 * Offers capabilities on an INTERSECT network: answers requests, sends events, status and lifecycle
 * messages, and asks other services. Constructing it connects to nothing.
 */
export class IntersectService extends Participant {
  /** The service's address; what clients give as the destination. */
  readonly address: string;
  /** The service's schema document, as it goes out with its lifecycle messages. */
  readonly schema: ServiceSchema;
  readonly #config: ResolvedServiceConfig;
  readonly #capabilities: readonly CompiledCapability[];
  readonly #campaignId = newId();
  readonly #processor: RequestProcessor;
  readonly #data: DataPlane;
  readonly #statuses: StatusReader;
  readonly #external: ExternalRequests;
  readonly #blockedKeys = new Set<string>();
  /** The events of which was told that the service is not started. */
  readonly #saidStopped = new Set<string>();
  readonly #events: EventListeners;
  readonly #startupMessages: CheckedExternalRequest[] = [];
  readonly #shutdownMessages: CheckedExternalRequest[] = [];
  readonly #life: ParticipantLife<ServiceRun>;
  readonly #asker: Asker;
  readonly #doors: DoorEnvironment;

  /**
   * @param capabilities what the service offers, made by `defineCapability(...).implement(...)`
   * @param config where the service stands, its brokers, and all that may be left out
   * @throws ConfigError CONFIG_INVALID with every problem of both at once
   */
  constructor(capabilities: readonly AnyCapability[], config: IntersectServiceConfig) {
    const compiled = compileService(capabilities, config);
    const { wire, brokers, logger, observers, concurrency } = compiled.config;
    const { requestTimeoutMs, maxPayloadBytes, integers, keepEventsMs, check, maxRequestAgeMs, seen } =
      compiled.config;
    const { report } = observers;
    const owner = wire.addressOf(compiled.config.hierarchy);
    const data = new DataPlane({ ...compiled.config, waitMs: requestTimeoutMs, owner, storeFor, report });
    const life = new ParticipantLife<ServiceRun>({
      kind: 'service',
      brokers,
      transportFor,
      prepare: () => data.start(),
      logger,
      report,
      newRun: (transports) => this.#newRun(transports),
    });
    super(life, compiled.config);
    this.#life = life;
    this.#config = compiled.config;
    this.#capabilities = compiled.capabilities;
    this.schema = compiled.schema;
    this.address = owner;
    this.#data = data;
    this.#statuses = new StatusReader(
      this.#capabilities.flatMap(({ status }) => status ?? []),
      report,
    );
    const delivery = eventDelivery({ address: this.address, keepForMs: keepEventsMs }, compiled.config);
    this.#events = new EventListeners({ wire, observers, data, maxPayloadBytes, integers, delivery });
    this.#external = new ExternalRequests({ report, timeoutMs: requestTimeoutMs });
    const emit = (emission: Emission): Promise<void> => this.#emit(emission);
    const requester = (): Requester => life.running.requester;
    const canStore = compiled.config.dataStores.length > 0;
    const asker = new Asker({ wire, observers, requester, canStore });
    this.#asker = asker;
    this.#doors = {
      wire,
      asker,
      canStore,
      observers,
      unchecked: new UncheckedPatterns(observers),
      check,
      timeoutMs: requestTimeoutMs,
      openEvents: (params, options) => life.running.streams.open(params, options),
      lastStatuses: async (address, options) => life.running.statuses.last(address, options),
    };
    const operations = this.#capabilities.flatMap((capability) => capability.operations);
    this.#processor = new RequestProcessor({
      wire,
      address: this.address,
      instanceId: this.instanceId,
      operations,
      selfDescription: selfDescriptionOf(operations, () => this.#describe()),
      concurrency,
      maxPayloadBytes,
      maxRequestAgeMs,
      seen,
      integers,
      blockedKeys: this.#blockedKeys,
      data,
      logger,
      observers,
      emit,
      call: (params, options) => this.call(params, options),
      callBytes: (params, options) => this.callBytes(params, options),
      stream: (params, options) => asker.askForItems(params, options),
    });
    for (const capability of capabilities) internalsOf(capability)?.sinks.add({ emit });
  }

  /** Requests to send at every startup, as they are now. Throws ConfigError for what can't be sent. */
  addStartupMessages(messages: readonly ExternalRequest[]): void {
    this.#startupMessages.push(...checkExternalRequests(messages, this.#around));
  }

  /** Requests to send at every shutdown, as they are now; one with a handler is waited for. Throws ConfigError for what can't be sent. */
  addShutdownMessages(messages: readonly ExternalRequest[]): void {
    this.#shutdownMessages.push(...checkExternalRequests(messages, this.#around));
  }

  /** From now on refuses every operation that has one of these among its `ignoreKeys`, and tells so. Throws ConfigError. */
  async forbidKeys(keys: Iterable<string>): Promise<void> {
    const forbidden = checkKeys(keys);
    for (const key of forbidden) this.#blockedKeys.add(key);
    await this.#life.runIfAny?.tellLifecycle('LCT_FUNCTIONS_BLOCKED', forbidden);
  }

  /** Takes back `forbidKeys`, and tells so. Throws ConfigError. */
  async allowKeys(keys: Iterable<string>): Promise<void> {
    const allowed = checkKeys(keys);
    for (const key of allowed) this.#blockedKeys.delete(key);
    await this.#life.runIfAny?.tellLifecycle('LCT_FUNCTIONS_ALLOWED', allowed);
  }

  /** Allows every operation, and tells so. */
  allowAllFunctions(): Promise<void> {
    return this.allowKeys(this.#blockedKeys);
  }

  /** Blocks every operation that has `ignoreKeys`, and tells so. Those without stay allowed. */
  blockAllFunctions(): Promise<void> {
    const operations = this.#capabilities.flatMap((capability) => capability.operations);
    return this.forbidKeys(new Set(operations.flatMap(({ ignoreKeys }) => ignoreKeys)));
  }

  /** A copy. */
  getBlockedKeys(): Set<string> {
    return new Set(this.#blockedKeys);
  }

  /**
   * Listens to events of another service, from now on or from the next startup on. Brokers keep events
   * while this service is down, if they can. Resolves when the brokers confirmed. Throws ConfigError.
   */
  async registerEvent(params: EventParams, handler: EventHandler): Promise<void> {
    const issues: Issue[] = [];
    const checked = checkEventParams(params, { wire: this.#config.wire, issues });
    if (typeof handler !== 'function') issues.push({ path: 'handler', message: 'must be a function' });
    if (!checked || issues.length > 0) throw new ConfigError('The events cannot be listened to', issues);
    await this.#events.register(checked, handler);
  }

  /**
   * Asks another service without waiting; the handler is told how it ended. Before startup, the request
   * waits for it. Returns the request's id. Throws ConfigError for what can't be sent.
   */
  createExternalRequest(
    request: DirectMessageParams,
    responseHandler?: ExternalResponseHandler,
    options: Omit<ExternalRequest, 'request' | 'responseHandler'> = {},
  ): string {
    const checked = checkExternalRequest({ request, responseHandler }, options, this.#around);
    return this.#external.create(checked);
  }

  /**
   * Asks another service and resolves with its answer. Throws RequestError (REMOTE_ERROR,
   * REQUEST_TIMEOUT, REQUEST_ABORTED), PublishError (UNROUTABLE, PAYLOAD_TOO_LARGE), MessageError,
   * ConfigError, or IllegalStateError NOT_CONNECTED before startup.
   */
  async call(params: DirectMessageParams, options?: RequestOptions): Promise<Response> {
    return this.#asker.ask(params, options);
  }

  /**
   * As `call`, with the answer's data as a stream: it resolves as soon as they can be read, and they are never in memory as a whole where
   * they lie in a data store. There they are deleted once they were read to the end, and stay when the stream is cut, cancelled, or ended
   * by `options.signal`. Throws what `call` throws.
   */
  async callBytes(params: DirectMessageParams, options?: RequestOptions): Promise<StreamedResponse> {
    return this.#asker.askForBytes(params, options);
  }

  /**
   * As `call`, item by item: `for await (const item of service.stream(params))`. Throws ConfigError or ValidationError before anything is
   * sent; the stream throws what `call` throws.
   */
  stream(params: DirectMessageParams, options?: RequestOptions): ItemStream<unknown> {
    return this.#asker.askForItems(params, options);
  }

  /**
   * A capability of another service, called by its contract: operations are methods, `await lab.set_target(77, { timeoutMs: 5_000 })`,
   * and everything else begins with `$`. Arguments are checked before anything is sent. Connects to nothing by itself. A handler gives
   * its context: while it waits for an answer it then doesn't count against the service's `concurrency`, as with `context.call`.
   * Throws ConfigError for what `defineCapability` did not make, for a wrong address, and for what is no handler's context.
   */
  capability<Shape extends CapabilityShape>(
    contract: CapabilityDefinition<Shape>,
    address: string,
    context?: RequestContext,
  ): CapabilityDoor<Shape> {
    const doors = context === undefined ? this.#doors : doorsWithin(context, this.#doors);
    return createDoor(contract, address, doors);
  }

  /** Which instance this is, as its lifecycle messages say; undefined without `replicas: true`. */
  get instanceId(): string | undefined {
    return this.#config.instance?.id;
  }

  /** What is connected, in flight and failing, now. */
  health(): ServiceHealth {
    const { counts, inFlight, running } = this.#processor;
    return {
      state: this.#life.state,
      brokers: (this.#life.runIfAny?.brokers.transports ?? []).map(({ name, state }) => ({ name, state })),
      requests: { inFlight, running, ...counts },
      pendingCalls: this.#life.runIfAny?.requester.pending ?? 0,
      failingStatuses: this.#statuses.failing,
      blockedKeys: [...this.#blockedKeys],
    };
  }

  /** How requests to others are read. */
  get #around() {
    const { wire, dataStores } = this.#config;
    return { wire, canStore: dataStores.length > 0 };
  }

  #newRun(transports: readonly Transport[]): ServiceRun {
    this.#processor.resume();
    this.#saidStopped.clear();
    return new ServiceRun({
      address: this.address,
      campaignId: this.#campaignId,
      config: this.#config,
      transports,
      processor: this.#processor,
      operations: this.#capabilities.flatMap(({ operations }) => operations),
      data: this.#data,
      external: this.#external,
      events: this.#events,
      startupMessages: this.#startupMessages,
      shutdownMessages: this.#shutdownMessages,
      describe: () => this.#describe(),
    });
  }

  /** What STARTUP and POLLING tell, and who asks for it is told. */
  async #describe(): Promise<{ readonly schema: ServiceSchema; readonly status: Record<string, unknown> }> {
    return { schema: this.schema, status: await this.#statuses.read() };
  }

  async #emit(emission: Emission): Promise<void> {
    try {
      const known = { capabilities: this.#capabilities, wire: this.#config.wire };
      await this.#life.running.publishEvent(checkEvent(emission, known));
    } catch (error) {
      const { capability, event } = emission;
      const name = `${capability}.${event}`;
      const isStopped = isIntersectError(error) && error.code === 'NOT_CONNECTED';
      // A timer that goes on after the end has nothing new to tell.
      const isKnown = isStopped && this.#saidStopped.has(name);
      if (isStopped) this.#saidStopped.add(name);
      if (!isKnown) this.#config.observers.report({ kind: 'event-not-sent', capability, event, error });
      throw error;
    }
  }
}
