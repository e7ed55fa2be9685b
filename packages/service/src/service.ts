import { transportFor } from '@intersect-sdk/config/brokers';
import { addressOf, ConfigError, IllegalStateError, type Issue, newId } from '@intersect-sdk/core';
import {
  checkEventParams,
  type DirectMessageParams,
  type EventHandler,
  type EventParams,
  type Gateway,
  isTransport,
  type RequestOptions,
  type Response,
} from '@intersect-sdk/messaging';
import type { ServiceSchema } from '@intersect-sdk/schema';
import type { Transport } from '@intersect-sdk/transport';
import { type AnyCapability, type Emission, handledRejection, internalsOf } from './capability/capability.js';
import { compileService } from './compile/compile-service.js';
import type { CompiledCapability } from './compile/compiled.js';
import type { IntersectServiceConfig, ResolvedServiceConfig } from './config.js';
import { EventListeners } from './others/event-listeners.js';
import {
  checkCall,
  checkExternalRequest,
  type ExternalRequest,
  ExternalRequests,
  type ExternalResponseHandler,
} from './others/external-requests.js';
import { checkEvent } from './outgoing/event-message.js';
import { type ReportListener, reporterOf } from './report.js';
import { RequestProcessor } from './serve/request-processor.js';
import { ServiceRun } from './service-run.js';
import type { ServiceHealth } from './status/health.js';
import { StatusReader } from './status/status-reader.js';

export interface StartupOptions {
  /** Ends the start; what was begun is undone. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Offers capabilities on an INTERSECT network: answers requests, sends events, status and lifecycle
 * messages, and asks other services. Constructing it connects to nothing.
 */
export class IntersectService implements Gateway, AsyncDisposable {
  /** The service's address; what clients give as the destination. */
  readonly address: string;
  /** The service's schema document, as it goes out with its lifecycle messages. */
  readonly schema: ServiceSchema;
  readonly #config: ResolvedServiceConfig;
  readonly #capabilities: readonly CompiledCapability[];
  readonly #campaignId = newId();
  readonly #report: ReportListener;
  readonly #processor: RequestProcessor;
  readonly #statuses: StatusReader;
  readonly #external: ExternalRequests;
  readonly #blockedKeys = new Set<string>();
  readonly #events: EventListeners;
  readonly #startupMessages: ExternalRequest[] = [];
  readonly #shutdownMessages: ExternalRequest[] = [];
  /** Kept across runs: a broker that is plain configuration gets its transport at the first start. */
  #transports: readonly Transport[] | undefined;
  #run: ServiceRun | undefined;
  #finished = new Finish();
  #starting: Promise<this> | undefined;
  #stopping: Promise<this> | undefined;
  #endedUnrecoverable = false;

  /**
   * @param capabilities what the service offers, made by `defineCapability(...).implement(...)`
   * @param config where the service stands, its brokers, and all that may be left out
   * @throws ConfigError CONFIG_INVALID with every problem of both at once
   */
  constructor(capabilities: readonly AnyCapability[], config: IntersectServiceConfig) {
    const compiled = compileService(capabilities, config);
    this.#config = compiled.config;
    this.#capabilities = compiled.capabilities;
    this.schema = compiled.schema;
    this.address = addressOf(compiled.config.hierarchy);
    const { logger, onReport, concurrency, dataStore, requestTimeoutMs, maxPayloadBytes } = this.#config;
    const report = reporterOf(logger, onReport);
    this.#report = report;
    this.#statuses = new StatusReader(
      this.#capabilities.flatMap(({ status }) => status ?? []),
      report,
    );
    this.#events = new EventListeners(report, maxPayloadBytes);
    this.#external = new ExternalRequests({ report, timeoutMs: requestTimeoutMs });
    const emit = (emission: Emission): Promise<void> => this.#emit(emission);
    this.#processor = new RequestProcessor({
      address: this.address,
      operations: this.#capabilities.flatMap(({ operations }) => operations),
      concurrency,
      maxPayloadBytes,
      blockedKeys: this.#blockedKeys,
      dataStore,
      logger,
      report,
      emit,
      call: (params, options) => this.call(params, options),
    });
    for (const capability of capabilities) internalsOf(capability)?.sinks.add({ emit });
  }

  /**
   * Connects. Resolves when the brokers confirmed every subscription and have the STARTUP message. Can be
   * called again after `shutdown()`; blocked keys stay blocked. Throws what the first refusal was, and
   * then nothing is left open.
   */
  startup(options: StartupOptions = {}): Promise<this> {
    this.#starting ??= this.#start(options.signal).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /**
   * Takes no more requests, waits for those that run (up to `shutdownTimeoutMs`), sends what is pending
   * and the SHUTDOWN message with the reason, and disconnects. A request that is not answered by then
   * comes back at the next start. Idempotent.
   */
  shutdown(reason?: string): Promise<this> {
    this.#stopping ??= this.#stop(reason).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown().then(() => {});
  }

  /** True after startup while at least one broker is connected. */
  isConnected(): boolean {
    return this.#run?.brokers.connected ?? false;
  }

  /** True when no broker can be used any more and none will be without a new start. */
  consideredUnrecoverable(): boolean {
    return this.#run?.brokers.unrecoverable ?? this.#endedUnrecoverable;
  }

  /** Resolves when the service was shut down; rejects when its connections ended for good. NOT_CONNECTED before startup. */
  async untilFinished(): Promise<void> {
    this.#running();
    await this.#finished.promise;
  }

  /** Requests to send at every startup. Throws ConfigError for what can't be sent. */
  addStartupMessages(messages: readonly ExternalRequest[]): void {
    for (const message of messages) checkExternalRequest(message);
    this.#startupMessages.push(...messages);
  }

  /** Requests to send at every shutdown; one with a handler is waited for. Throws ConfigError for what can't be sent. */
  addShutdownMessages(messages: readonly ExternalRequest[]): void {
    for (const message of messages) checkExternalRequest(message);
    this.#shutdownMessages.push(...messages);
  }

  /** From now on refuses every operation that has one of these among its `ignoreKeys`, and tells so. */
  async forbidKeys(keys: Iterable<string>): Promise<void> {
    const forbidden = [...keys];
    for (const key of forbidden) this.#blockedKeys.add(key);
    await this.#run?.tellLifecycle('LCT_FUNCTIONS_BLOCKED', forbidden);
  }

  /** Takes back `forbidKeys`, and tells so. */
  async allowKeys(keys: Iterable<string>): Promise<void> {
    const allowed = [...keys];
    for (const key of allowed) this.#blockedKeys.delete(key);
    await this.#run?.tellLifecycle('LCT_FUNCTIONS_ALLOWED', allowed);
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
    const checked = checkEventParams(params, issues);
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
    options: { readonly timeoutMs?: number | undefined } = {},
  ): string {
    return this.#external.create({ request, responseHandler, ...options });
  }

  /**
   * Asks another service and resolves with its answer. Throws RequestError (REMOTE_ERROR,
   * REQUEST_TIMEOUT, REQUEST_ABORTED), PublishError (UNROUTABLE, PAYLOAD_TOO_LARGE), MessageError,
   * ConfigError, or IllegalStateError NOT_CONNECTED before startup.
   */
  async call(params: DirectMessageParams, options: RequestOptions = {}): Promise<Response> {
    const request = checkCall(params);
    const { requester } = this.#running();
    const timeoutMs = options.timeoutMs ?? this.#config.requestTimeoutMs;
    return requester.request(request, { ...options, timeoutMs });
  }

  /** What is connected, in flight and failing, now. */
  health(): ServiceHealth {
    const { counts, inFlight, running } = this.#processor;
    return {
      state: this.#state(),
      brokers: (this.#run?.brokers.transports ?? []).map(({ name, state }) => ({ name, state })),
      requests: { inFlight, running, ...counts },
      pendingCalls: this.#run?.requester.pending ?? 0,
      failingStatuses: this.#statuses.failing,
      blockedKeys: [...this.#blockedKeys],
    };
  }

  #state(): ServiceHealth['state'] {
    if (this.#stopping !== undefined) return 'stopping';
    if (this.#starting !== undefined) return 'starting';
    return this.#run ? 'running' : 'stopped';
  }

  async #start(signal: AbortSignal | undefined): Promise<this> {
    await this.#stopping;
    if (this.#run) return this;
    this.#endedUnrecoverable = false;
    this.#processor.resume();
    const run = await this.#newRun();
    this.#run = run;
    try {
      await run.begin(signal);
    } catch (error) {
      this.#endedUnrecoverable = run.brokers.unrecoverable;
      this.#run = undefined;
      await run.abandon();
      throw error;
    }
    for (const message of this.#startupMessages) this.#external.create(message);
    this.#config.logger.info({ address: this.address }, 'service is up');
    return this;
  }

  async #newRun(): Promise<ServiceRun> {
    const { brokers } = this.#config;
    this.#transports = this.#transports
      ? this.#transports.map((transport) => (transport.state.kind === 'idle' ? transport : transport.fresh()))
      : await Promise.all(brokers.map((broker) => (isTransport(broker) ? broker : transportFor(broker))));
    const run = new ServiceRun({
      address: this.address,
      campaignId: this.#campaignId,
      config: this.#config,
      transports: this.#transports,
      processor: this.#processor,
      external: this.#external,
      events: this.#events,
      report: this.#report,
      describe: async () => ({ schema: this.schema, status: await this.#statuses.read() }),
    });
    const finished = new Finish();
    this.#finished = finished;
    void run.brokers.failed.then((error) => finished.fail(error));
    return run;
  }

  async #stop(reason: string | undefined): Promise<this> {
    await this.#starting?.catch(() => {});
    const run = this.#run;
    if (!run) return this;
    this.#config.logger.info({ reason }, 'service shuts down');
    const unrecoverable = run.brokers.unrecoverable;
    await run.end(reason, this.#shutdownMessages);
    this.#endedUnrecoverable = unrecoverable;
    this.#run = undefined;
    this.#finished.end();
    return this;
  }

  async #emit(emission: Emission): Promise<void> {
    try {
      await this.#running().publishEvent(checkEvent(emission, this.#capabilities));
    } catch (error) {
      const { capability, event } = emission;
      this.#report({ kind: 'event-not-sent', capability, event, error });
      throw error;
    }
  }

  #running(): ServiceRun {
    if (this.#run) return this.#run;
    throw new IllegalStateError(
      'NOT_CONNECTED',
      'The service is not started: await service.startup() first.',
    );
  }
}

/** The end of a run, for whoever waits for it. */
class Finish {
  readonly promise: Promise<void>;
  end!: () => void;
  fail!: (error: Error) => void;

  constructor() {
    this.promise = handledRejection(
      new Promise<void>((resolve, reject) => {
        this.end = resolve;
        this.fail = reject;
      }),
    );
  }
}
