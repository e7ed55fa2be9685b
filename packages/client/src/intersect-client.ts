import { transportFor } from '@intersect-sdk/config/brokers';
import {
  ConfigError,
  IllegalStateError,
  type Issue,
  MessageError,
  newId,
  throwIfAny,
  ValidationError,
} from '@intersect-sdk/core';
import {
  BrokerGroup,
  type CheckedRequest,
  checkEventParams,
  createReporter,
  type DirectMessageParams,
  type EventParams,
  EventStream,
  type Gateway,
  isTransport,
  listenToEvents,
  type Reporter,
  Requester,
  type RequestOptions,
  type Response,
} from '@intersect-sdk/messaging';
import type { Transport } from '@intersect-sdk/transport';
import { checkRequest, type EventCallback, type ResponseCallback } from './callbacks.js';
import { type IntersectClientConfig, type ResolvedClientConfig, resolveClientConfig } from './config.js';
import { Conversation } from './conversation.js';
import { type EventsOptions, type ResolvedEventsOptions, resolveEventsOptions } from './events-options.js';

/** How many events may wait for an event callback; more are dropped, oldest first, and reported. */
const CALLBACK_EVENTS: ResolvedEventsOptions = {
  bufferSize: 10_000,
  overflow: 'drop-oldest',
  signal: undefined,
};

export interface StartupOptions {
  /** Ends the start; what was begun is undone. */
  readonly signal?: AbortSignal | undefined;
}

/** One run, from startup to shutdown. */
interface Run {
  readonly brokers: BrokerGroup;
  readonly requester: Requester;
  readonly conversation: Conversation;
  readonly streams: Set<EventStream>;
  readonly finished: Promise<void>;
  finish(error?: Error): void;
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
   * Connects. Resolves when the brokers confirmed every subscription and have the initial messages. Can
   * be called again after `shutdown()`. Throws what the first refusal was, and then nothing is left open.
   */
  startup(options: StartupOptions = {}): Promise<this> {
    this.#starting ??= this.#start(options.signal).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Ends requests that still wait (REQUEST_ABORTED) and disconnects; nothing is left at the brokers. Idempotent. */
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

  /**
   * Resolves when a callback said stop, the initial messages are out and that was all, or `shutdown()`
   * was called. Rejects when a callback threw or returned garbage, or the connection ended for good.
   */
  async untilFinished(): Promise<void> {
    await this.#running().finished;
  }

  /**
   * Asks a service and resolves with its answer: JSON as plain values, any other content type as a
   * `Uint8Array`. Any number may wait at once. Throws RequestError (REMOTE_ERROR, REQUEST_TIMEOUT,
   * REQUEST_ABORTED), PublishError (UNROUTABLE: no such service; PAYLOAD_TOO_LARGE), MessageError
   * (VERSION_INCOMPATIBLE, PAYLOAD_INVALID), ConfigError or ValidationError before anything is sent.
   */
  async request(params: DirectMessageParams, options: RequestOptions = {}): Promise<unknown> {
    return (await this.requestWithDetails(params, options)).payload;
  }

  /** Like `request`, with all that is known of the answer. */
  requestWithDetails(params: DirectMessageParams, options: RequestOptions = {}): Promise<Response> {
    try {
      const request = checkedRequest(params);
      const timeoutMs = options.timeoutMs ?? this.#config.requestTimeoutMs;
      return this.#running().requester.request(request, { ...options, timeoutMs });
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
    throwIfAny('The events cannot be listened to', issues);
    return this.#openEvents(this.#running(), params, resolved);
  }

  async #start(signal: AbortSignal | undefined): Promise<this> {
    await this.#stopping;
    if (this.#run) return this;
    this.#endedUnrecoverable = false;
    const run = await this.#newRun();
    this.#run = run;
    try {
      await this.#begin(run, signal);
    } catch (error) {
      await this.#stop('Startup failed.');
      throw error;
    }
    return this;
  }

  async #newRun(): Promise<Run> {
    const { address, campaignId } = this;
    const report = this.#report;
    const { keepSessionMs, requestTimeoutMs, brokers: sources } = this.#config;
    this.#transports = this.#transports
      ? this.#transports.map((transport) => (transport.state.kind === 'idle' ? transport : transport.fresh()))
      : await Promise.all(sources.map((source) => (isTransport(source) ? source : transportFor(source))));
    const session = { id: `intersect-${newId()}`, keepForMs: keepSessionMs, keepAfterClose: false };
    const brokers = new BrokerGroup(this.#transports, { session, report });
    const requester = new Requester({ brokers, source: address, campaignId, report });
    let finish!: (error?: Error) => void;
    const finished = new Promise<void>((resolve, reject) => {
      finish = (error) => (error ? reject(error) : resolve());
    });
    // Whoever asks untilFinished() gets it; nobody has to ask.
    finished.catch(() => {});
    void brokers.failed.then(finish);
    const streams = new Set<EventStream>();
    const run: Run = {
      brokers,
      requester,
      streams,
      finished,
      finish,
      conversation: new Conversation({
        requester,
        campaignId,
        requestTimeoutMs,
        report,
        userCallback: this.#callbacks.user,
        eventCallback: this.#callbacks.event,
        openEvents: (params) => this.#openEvents(run, params, CALLBACK_EVENTS),
        onEnd: (error) => finish(error),
      }),
    };
    return run;
  }

  async #begin(run: Run, signal: AbortSignal | undefined): Promise<void> {
    const { initial, terminateAfterInitial, resendInitial } = this.#config;
    await run.brokers.connect(signal);
    const send = resendInitial || !this.#initialSent ? initial.send : [];
    if (terminateAfterInitial) {
      await Promise.all(send.map((request) => run.requester.tell(request, { signal })));
      run.finish();
    } else {
      await run.requester.start('session');
      await run.conversation.carryOut({ ...initial, send });
    }
    this.#initialSent = true;
  }

  async #stop(reason: string | undefined): Promise<this> {
    const run = this.#run;
    if (!run) return this;
    this.#config.logger.info({ reason }, 'client shuts down');
    await run.conversation.end();
    await Promise.all([...run.streams].map((stream) => stream.stop()));
    run.requester.abortAll('the client was shut down before the answer came.');
    this.#endedUnrecoverable = run.brokers.unrecoverable;
    await run.brokers.drain(this.#config.shutdownTimeoutMs);
    run.finish();
    this.#run = undefined;
    return this;
  }

  #openEvents(run: Run, params: EventParams, options: ResolvedEventsOptions): EventStream {
    const { brokers } = run;
    const report = this.#report;
    const stream: EventStream = new EventStream({
      ...options,
      listen: async (handler) => {
        const subscription = await listenToEvents(params, handler, { brokers, report, retention: 'session' });
        return () => subscription.unsubscribe();
      },
      onDropped: (event) => {
        const what = `${event.capabilityName}.${event.eventName} of ${event.source}`;
        const text = `The event ${what} was dropped: its reader is slower than events come in.`;
        report({ kind: 'event-dropped', error: new MessageError('EVENTS_OVERFLOWED', text) });
      },
      onEnded: () => run.streams.delete(stream),
    });
    run.streams.add(stream);
    return stream;
  }

  #running(): Run {
    if (this.#run) return this.#run;
    throw new IllegalStateError('NOT_CONNECTED', 'The client is not started: await client.startup() first.');
  }
}

function checkedRequest(params: DirectMessageParams): CheckedRequest {
  const issues: Issue[] = [];
  const request = checkRequest(params, issues);
  if (request) return request;
  const what = 'The request cannot be sent';
  // Right parameters with a value that can't travel is a matter of the value, not of the call.
  const onlyPayload = issues.every(({ path }) => path.startsWith('payload'));
  throw onlyPayload ? new ValidationError(what, issues) : new ConfigError(what, issues);
}
