import type { Integers, SeenRequest, SeenStore, WireMessage } from '@intersect-sdk/core';
import type { Wire } from '@intersect-sdk/core/internal';
import { type DataPlane, LostDigits, type Observers } from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../compile/compiled.js';
import { AnsweredRequests, type AnswerMemoryLimits } from './answer/answered-requests.js';
import { Endings, type RequestCounts } from './answer/endings.js';
import { type Outcome, type Reply, replyOf } from './answer/outcome.js';
import { Replies } from './answer/replies.js';
import { Refusal } from './answer/request-refusal.js';
import { SENTENCES } from './answer/sentences.js';
import { type ContextOptions, HandlerContexts } from './handler-context.js';
import { abortable } from './limits/abortable.js';
import { Expired } from './limits/request-age.js';
import { Semaphore } from './limits/semaphore.js';
import { LiveRequests } from './parts/live-requests.js';
import { Admission, type AdmissionOptions } from './request/admission.js';
import { Arrival } from './request/arrival.js';
import type { OperationRequest } from './request/operation-request.js';
import { type ParsedRequest, readRequest } from './request/read-request.js';
import { SeenRequests } from './request/seen-requests.js';
import { Starts } from './request/start.js';
import { type OperationEnvironment, runOperation } from './run-operation.js';

export interface RequestProcessorOptions extends ContextOptions, AdmissionOptions {
  readonly wire: Wire;
  /** The service's own address. */
  readonly address: string;
  /** Which one of several instances it is; all that it answers says so. @default it is alone */
  readonly instanceId?: string | undefined;
  /** How many handlers run at once. */
  readonly concurrency: number;
  /** What whole numbers beyond 2^53 become in arguments. @default 'number' */
  readonly integers?: Integers | undefined;
  /** Live: what is in it when a request's turn comes is blocked. */
  readonly blockedKeys: ReadonlySet<string>;
  readonly data: DataPlane;
  readonly observers: Observers;
  readonly memory?: Partial<AnswerMemoryLimits> | undefined;
  /** What earlier processes have dealt with. @default nothing is known of them */
  readonly seen?: SeenStore | undefined;
}

/** What becomes of a request whose handling ended with an error. */
type Failed = (error: unknown) => Outcome;

/** Turns requests into replies. Knows nothing of brokers: a message goes in, an outcome comes out, and it never rejects. */
export class RequestProcessor {
  readonly #options: RequestProcessorOptions;
  readonly #admission: Admission;
  readonly #endings: Endings;
  readonly #replies: Replies;
  readonly #contexts: HandlerContexts;
  readonly #live: LiveRequests;
  readonly #slots: Semaphore;
  readonly #answered: AnsweredRequests<Outcome>;
  readonly #starts = new Starts();
  readonly #seen: SeenRequests | undefined;
  readonly #lostDigits: LostDigits;
  #environment: OperationEnvironment;
  #stopping = abortable();
  #inFlight = 0;

  constructor(options: RequestProcessorOptions) {
    this.#options = options;
    this.#admission = new Admission(options);
    this.#replies = new Replies(options.wire, options.instanceId);
    this.#endings = new Endings({ ...options, replies: this.#replies });
    this.#contexts = new HandlerContexts(options);
    this.#live = new LiveRequests({ ...options, replies: this.#replies });
    this.#slots = new Semaphore(options.concurrency);
    this.#seen = options.seen && new SeenRequests(options.seen, options.observers.report);
    this.#answered = new AnsweredRequests(
      (outcome) => (outcome.kind === 'reply' ? outcome.bytes : 0),
      options.memory,
    );
    this.#lostDigits = new LostDigits(options.observers, { integers: options.integers, allowEmpty: true });
    this.#environment = this.#newEnvironment();
  }

  /** Since the service was made. */
  get counts(): RequestCounts {
    return { ...this.#endings.counts };
  }

  /** Requests admitted and not yet turned into an outcome, those that wait for a place included. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** How many handlers run now; one that waits for another service is not counted. */
  get running(): number {
    return this.#slots.used;
  }

  /** Aborts the signals of all handlers, those to come included, until `resume`. */
  stop(reason: unknown): void {
    this.#stopping.abort(reason);
  }

  /** Answers those whose requests would not come back that the service is stopping. Says whether there were any. */
  giveUpStarted(): boolean {
    return this.#starts.giveUpAll();
  }

  resume(): void {
    if (!this.#stopping.signal.aborted) return;
    this.#starts.resume();
    this.#stopping = abortable();
    this.#environment = this.#newEnvironment();
  }

  process(message: WireMessage, arrival = new Arrival()): Promise<Outcome> {
    return Promise.resolve(this.#process(message, arrival));
  }

  /** Takes what an asker says about a request that it has sent. */
  control(message: WireMessage, broker: string): void {
    this.#live.control(message, broker);
  }

  /** The reply that goes out instead of one that the broker finds too large. */
  tooLarge(reply: Reply, error: unknown): Reply {
    return this.#endings.tooLarge(reply, error);
  }

  #process(message: WireMessage, arrival: Arrival): Outcome | Promise<Outcome> {
    const parsed = readRequest(message, this.#options.wire);
    if (!parsed.headers) return this.#endings.drop('headers-invalid', message, parsed.issues);
    const { headers } = parsed;
    if (headers.destination !== this.#options.address) {
      return this.#endings.drop('other-destination', message, [
        { path: 'destination', message: 'is not this service' },
      ]);
    }
    const key = `${headers.source} ${headers.messageId}`;
    const earlier = this.#answered.find(key);
    if (!earlier) {
      arrival.key = key;
      return this.#answered.run(key, () => this.#answer(message, parsed, arrival));
    }
    arrival.start = this.#starts.get(key);
    this.#endings.repeated(headers, 'a second time and is answered from memory');
    if (earlier.kind === 'forgotten') {
      return this.#endings.refuse({ headers }, new Refusal('answer-forgotten', SENTENCES.answerForgotten()));
    }
    return this.#repeat(earlier.answer);
  }

  async #repeat(earlier: Outcome | Promise<Outcome>): Promise<Outcome> {
    const known = await earlier;
    return known.kind === 'reply' ? { ...known, repeated: true } : known;
  }

  #answer(message: WireMessage, parsed: ParsedRequest, arrival: Arrival): Promise<Outcome> {
    const { headers } = parsed;
    const { payload, headers: raw } = message;
    const request: OperationRequest = {
      headers,
      payload,
      raw,
      arrival,
      live: undefined,
      answerHeaders: undefined,
      argument: undefined,
      closeArgument: undefined,
    };
    const failed: Failed = (error) => {
      if (error instanceof Expired) return this.#endings.expire(message, request, error);
      const { operationId } = headers;
      const isKnown = error instanceof Refusal;
      const failure = isKnown ? error : new Refusal('handler-failed', SENTENCES.failed(operationId), error);
      return this.#endings.refuse(request, failure);
    };
    try {
      const operation = this.#admission.admit(message, parsed);
      this.#inFlight += 1;
      const { outlet } = arrival;
      const { stopping } = this.#environment;
      if (outlet) request.live = this.#live.open(message, headers, { outlet, operation, stopping });
      if (operation.acknowledgesOnStart) this.#start(operation, arrival);
      return this.#seen ? this.#runUnseen(operation, request, failed) : this.#run(operation, request, failed);
    } catch (error) {
      return Promise.resolve(failed(error));
    }
  }

  async #runUnseen(
    operation: CompiledOperation,
    request: OperationRequest,
    failed: Failed,
  ): Promise<Outcome> {
    const seen = this.#seen as SeenRequests;
    const { key } = request.arrival;
    const known = await seen.find(key);
    if (!known) return seen.finished(key, await this.#run(operation, request, failed));
    this.#ended(request);
    return this.#seenBefore(request, known);
  }

  #run(operation: CompiledOperation, request: OperationRequest, failed: Failed): Promise<Outcome> {
    return runOperation(operation, request, this.#environment).then(
      (answer) => {
        this.#ended(request);
        // Whoever looks after services asks for that, as often as it likes.
        if (!operation.isStatus) this.#endings.counts.answered += 1;
        return replyOf(this.#replies.answer(request, answer), { request, answer: answer.stored?.pointer });
      },
      (error: unknown) => {
        this.#ended(request);
        return failed(error);
      },
    );
  }

  /** An earlier process dealt with it. */
  #seenBefore(request: OperationRequest, { state, answer }: SeenRequest): Outcome {
    const { headers } = request;
    this.#endings.repeated(headers, 'to an earlier process, too, and is not run again');
    if (answer) return { ...replyOf(answer, { request }), repeated: true };
    const refusal =
      state === 'begun'
        ? new Refusal('begun-before', SENTENCES.begunBefore(headers.operationId))
        : new Refusal('answer-forgotten', SENTENCES.answerForgotten());
    return this.#endings.refuse(request, refusal);
  }

  #start({ fullName }: CompiledOperation, arrival: Arrival): void {
    const seen = this.#seen;
    const { key } = arrival;
    arrival.start = this.#starts.begin(key, {
      operation: fullName,
      remember: async () => seen?.begun(key),
    });
  }

  #ended({ live, arrival }: OperationRequest): void {
    this.#inFlight -= 1;
    if (arrival.start) this.#starts.ended(arrival.key);
    if (live) this.#live.close(live);
  }

  #newEnvironment(): OperationEnvironment {
    const { data, blockedKeys, wire, address } = this.#options;
    return {
      slots: this.#slots,
      stopping: this.#stopping.signal,
      data,
      isBlocked: ({ ignoreKeys }) => ignoreKeys.some((key) => blockedKeys.has(key)),
      contextOf: (operation, request, scope) => this.#contexts.of(operation, request, scope),
      lostDigits: this.#lostDigits,
      observers: this.#options.observers,
      requestChannel: wire.requestChannel(address),
    };
  }
}
