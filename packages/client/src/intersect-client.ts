import { transportFor } from '@intersect-sdk/config/brokers';
import {
  ConfigError,
  IllegalStateError,
  type Issue,
  newId,
  TransportError,
  ValidationError,
} from '@intersect-sdk/core';
import { FieldReader, throwConfigError } from '@intersect-sdk/core/internal';
import {
  type CheckedRequest,
  checkEventParams,
  checkRequestOptions,
  createReporter,
  type DirectMessageParams,
  type EventParams,
  type EventStream,
  type Gateway,
  isTransport,
  type Reporter,
  type RequestOptions,
  type Response,
} from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import { checkRequest, type EventCallback, type ResponseCallback } from './callbacks.js';
import { type IntersectClientConfig, type ResolvedClientConfig, resolveClientConfig } from './config.js';
import { type EventsOptions, resolveEventsOptions } from './events-options.js';
import { Run } from './run.js';

export interface StartupOptions {
  /** Ends the start; what was begun is undone. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks INTERSECT services, listens to their events and orchestrates experiments. Two doors, one
 * implementation: `request()` and `events()`, or the callbacks of the reference. Constructing it
 * connects to nothing.
 */
export class IntersectClient implements Gateway, AsyncDisposable {
  /** The client's own address; new for each client. */
  readonly address: string;
  /** One for the client's lifetime; every message of it carries it. */
  readonly campaignId = newId();
  readonly #config: ResolvedClientConfig;
  readonly #callbacks: {
    readonly user: ResponseCallback | undefined;
    readonly event: EventCallback | undefined;
  };
  readonly #report: Reporter;
  /** Kept across runs: a broker that is plain configuration gets its transport at the first start. */
  #transports: readonly Transport[] | undefined;
  #run: Run | undefined;
  #starting: Promise<this> | undefined;
  #stopping: Promise<this> | undefined;
  /** Ends a start under way. */
  #giveUp = new AbortController();
  /** The end of the last run, also when that is over. */
  #finished: Promise<void> | undefined;
  #initialSent = false;
  #endedUnrecoverable = false;

  /**
   * @param config the brokers, and all that may be left out
   * @param userCallback called with the outcome of each message that callbacks or the configuration send
   * @param eventCallback called with each event that callbacks or the configuration listen to
   * @throws ConfigError CONFIG_INVALID with every problem of the three at once
   */
  constructor(config: IntersectClientConfig, userCallback?: ResponseCallback, eventCallback?: EventCallback) {
    this.#config = resolveClientConfig(config, { userCallback, eventCallback });
    this.#callbacks = { user: userCallback ?? undefined, event: eventCallback ?? undefined };
    this.address = this.#config.address;
    this.#report = createReporter(this.#config.logger, this.#config.onReport);
  }

  /**
   * Connects. Resolves when the brokers confirmed every subscription and have the initial messages; joins
   * a start under way. Can be called again after `shutdown()`. Throws what the first refusal was, ABORTED,
   * or DRAINING when `shutdown()` came first, and then nothing is left open.
   */
  startup(options: StartupOptions = {}): Promise<this> {
    this.#starting ??= this.#start(options).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Ends requests that still wait (REQUEST_ABORTED) and disconnects; nothing is left at the brokers. Idempotent. */
  shutdown(reason?: string): Promise<this> {
    this.#giveUp.abort();
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

  /**
   * Resolves when a callback said stop, the initial messages are out and that was all, or `shutdown()`
   * was called. Rejects when a callback threw or returned garbage, or the connection ended for good. It is
   * about the last start; throws NOT_CONNECTED before the first.
   */
  async untilFinished(): Promise<void> {
    if (!this.#finished) this.#running();
    await this.#finished;
  }

  /**
   * Asks a service and resolves with its answer: JSON as plain values, any other content type as a
   * `Uint8Array`. Any number may wait at once. Throws RequestError (REMOTE_ERROR, REQUEST_TIMEOUT,
   * REQUEST_ABORTED), PublishError (UNROUTABLE: no such service; PAYLOAD_TOO_LARGE), MessageError
   * (VERSION_INCOMPATIBLE, PAYLOAD_INVALID), ConfigError or ValidationError before anything is sent.
   */
  request(params: DirectMessageParams, options: RequestOptions = {}): Promise<unknown> {
    return this.requestWithDetails(params, options).then(payloadOf);
  }

  /** Like `request`, with all that is known of the answer. */
  requestWithDetails(params: DirectMessageParams, options: RequestOptions = {}): Promise<Response> {
    try {
      const { request, options: checked } = checkedRequest(params, options);
      const { timeoutMs = this.#config.requestTimeoutMs, signal, onAccepted } = checked;
      return this.#running().requester.request(request, { timeoutMs, signal, onAccepted });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Listens to events: `for await (const event of client.events(...))`. Subscribed at once; after
   * `await stream.ready` nothing is missed. Throws ConfigError, or IllegalStateError before startup.
   */
  events(selector: EventParams, options: EventsOptions = {}): EventStream {
    const issues: Issue[] = [];
    const params = checkEventParams(selector, issues);
    const resolved = resolveEventsOptions(options, issues);
    if (!params) throw new ConfigError('The events cannot be listened to', issues);
    throwConfigError('The events cannot be listened to', issues);
    return this.#running().openEvents(params, resolved);
  }

  async #start(options: StartupOptions): Promise<this> {
    const signal = checkedSignal(options);
    const giveUp = new AbortController();
    this.#giveUp = giveUp;
    await this.#stopping;
    if (this.#run) return this;
    this.#endedUnrecoverable = false;
    try {
      const aborted = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
      await orAborted(this.#begin(aborted), aborted);
    } catch (error) {
      await this.#end('Startup failed.');
      if (!giveUp.signal.aborted) throw error;
      const text = 'The client was shut down while it was starting.';
      throw new IllegalStateError('DRAINING', text, { cause: error });
    }
    return this;
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const transports = await this.#makeTransports();
    if (signal.aborted) return;
    const { initial, resendInitial } = this.#config;
    this.#run = new Run({
      transports,
      config: this.#config,
      campaignId: this.campaignId,
      userCallback: this.#callbacks.user,
      eventCallback: this.#callbacks.event,
      report: this.#report,
    });
    this.#finished = this.#run.finished;
    await this.#run.begin(resendInitial || !this.#initialSent ? initial.send : [], signal);
    this.#initialSent = true;
  }

  async #makeTransports(): Promise<readonly Transport[]> {
    this.#transports = this.#transports
      ? this.#transports.map((transport) => (transport.state.kind === 'idle' ? transport : transport.fresh()))
      : await Promise.all(
          this.#config.brokers.map((source) => (isTransport(source) ? source : transportFor(source))),
        );
    return this.#transports;
  }

  async #stop(reason: string | undefined): Promise<this> {
    // A start under way was told to give up; it ends what it began.
    await this.#starting?.catch(() => {});
    await this.#end(reason);
    return this;
  }

  async #end(reason: string | undefined): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.#config.logger.info({ reason }, 'client shuts down');
    this.#endedUnrecoverable = run.brokers.unrecoverable;
    await run.end();
    this.#run = undefined;
  }

  #running(): Run {
    if (this.#run) return this.#run;
    throw new IllegalStateError('NOT_CONNECTED', 'The client is not started: await client.startup() first.');
  }
}

function payloadOf({ payload }: Response): unknown {
  return payload;
}

function checkedRequest(
  params: DirectMessageParams,
  options: RequestOptions,
): { readonly request: CheckedRequest; readonly options: RequestOptions } {
  const issues: Issue[] = [];
  const request = checkRequest(params, issues);
  const checked = checkRequestOptions(options, issues);
  if (request && issues.length === 0) return { request, options: checked };
  const what = 'The request cannot be sent';
  // A right call with a value that can't travel is a matter of the value.
  const onlyPayload = issues.every(({ path }) => path.startsWith('payload'));
  throw onlyPayload ? new ValidationError(what, issues) : new ConfigError(what, issues);
}

function checkedSignal(options: StartupOptions): AbortSignal | undefined {
  const issues: Issue[] = [];
  const read = new FieldReader(options, issues);
  const signal = read.signal('signal');
  read.rejectUnknown();
  throwConfigError('The client cannot be started', issues);
  return signal;
}

/** Waits for the promise, but no longer than until the signal aborts; the promise itself goes on. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => {
      reject(new TransportError('ABORTED', 'Starting the client was aborted.', { cause: signal.reason }));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
