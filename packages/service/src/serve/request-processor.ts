import { type Integers, type Issue, MessageError, type WireMessage } from '@intersect-sdk/core';
import { ASK_HEADER, DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import { type DataPlane, LostDigits, MAX_PAYLOAD_BYTES, type Observers } from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../compile/compiled.js';
import { AnsweredRequests, type AnswerMemoryLimits } from './answer/answered-requests.js';
import { identityOf, Replies } from './answer/replies.js';
import { Refusal } from './answer/request-refusal.js';
import { SENTENCES } from './answer/sentences.js';
import { type ContextOptions, HandlerContexts } from './handler-context.js';
import { abortable } from './limits/abortable.js';
import { Semaphore } from './limits/semaphore.js';
import type { OperationRequest } from './operation-request.js';
import { type AskedWithData, type Outcome, type Reply, replyOf } from './outcome.js';
import { LiveRequests } from './parts/live-requests.js';
import type { PartOutlet } from './parts/part-sender.js';
import { type ParsedRequest, readRequest } from './read-request.js';
import type { DropReason } from './request-reasons.js';
import { type OperationEnvironment, runOperation } from './run-operation.js';

/** How many requests ended how. */
export interface RequestCounts {
  readonly answered: number;
  /** Answered with an error. */
  readonly refused: number;
  readonly dropped: number;
  /** Came a second time and were answered from memory; not counted anywhere else. */
  readonly repeated: number;
}

export interface RequestProcessorOptions extends ContextOptions {
  /** The service's own address. */
  readonly address: string;
  /** Which one of several instances it is; all that it answers says so. @default it is alone */
  readonly instanceId?: string | undefined;
  readonly operations: Iterable<CompiledOperation>;
  /** Stands in for the operation of its name where the asker wants the schema. @default there is none */
  readonly selfDescription?: CompiledOperation | undefined;
  /** How many handlers run at once. */
  readonly concurrency: number;
  /** A request with a larger payload is refused unread. */
  readonly maxPayloadBytes?: number | undefined;
  /** What whole numbers beyond 2^53 become in arguments. @default 'number' */
  readonly integers?: Integers | undefined;
  /** Live: what is in it when a request's turn comes is blocked. */
  readonly blockedKeys: ReadonlySet<string>;
  readonly data: DataPlane;
  readonly observers: Observers;
  readonly memory?: Partial<AnswerMemoryLimits> | undefined;
}

/** Turns requests into replies. Knows nothing of brokers: a message goes in, an outcome comes out, and it never rejects. */
export class RequestProcessor {
  readonly #options: RequestProcessorOptions;
  readonly #operations: ReadonlyMap<string, CompiledOperation>;
  readonly #replies: Replies;
  readonly #contexts: HandlerContexts;
  readonly #live: LiveRequests;
  readonly #slots: Semaphore;
  readonly #answered: AnsweredRequests<Reply>;
  readonly #lostDigits: LostDigits;
  readonly #counts = { answered: 0, refused: 0, dropped: 0, repeated: 0 };
  #environment: OperationEnvironment;
  #stopping = abortable();
  #inFlight = 0;

  constructor(options: RequestProcessorOptions) {
    this.#options = options;
    this.#operations = new Map([...options.operations].map((operation) => [operation.fullName, operation]));
    this.#replies = new Replies(options.wire, options.instanceId);
    this.#contexts = new HandlerContexts(options);
    this.#live = new LiveRequests({ ...options, replies: this.#replies });
    this.#slots = new Semaphore(options.concurrency);
    this.#answered = new AnsweredRequests(({ bytes }) => bytes, options.memory);
    this.#lostDigits = new LostDigits(options.observers, { integers: options.integers, allowEmpty: true });
    this.#environment = this.#newEnvironment();
  }

  /** Since the service was made. */
  get counts(): RequestCounts {
    return { ...this.#counts };
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

  resume(): void {
    if (!this.#stopping.signal.aborted) return;
    this.#stopping = abortable();
    this.#environment = this.#newEnvironment();
  }

  /** `outlet`: where parts of the answer go out, for an asker that understands them. @default it is told nothing before the answer */
  process(message: WireMessage, outlet?: PartOutlet): Promise<Outcome> {
    return Promise.resolve(this.#process(message, outlet));
  }

  /** Takes what an asker says about a request that it has sent. */
  control(message: WireMessage, broker: string): void {
    this.#live.control(message, broker);
  }

  /** The reply that goes out instead of one that the broker finds too large. */
  tooLarge({ request, repeated, argument }: Reply, error: unknown): Reply {
    this.#counts.answered -= 1;
    const refusal = new Refusal('answer-too-large', SENTENCES.tooLarge(request.operationId), error);
    return { ...this.#refuse({ headers: request, argument }, refusal), repeated };
  }

  #process(message: WireMessage, outlet: PartOutlet | undefined): Outcome | Promise<Outcome> {
    const parsed = readRequest(message, this.#options.wire);
    if (!parsed.headers) return this.#drop('headers-invalid', message, parsed.issues);
    const { headers } = parsed;
    if (headers.destination !== this.#options.address) {
      return this.#drop('other-destination', message, [
        { path: 'destination', message: 'is not this service' },
      ]);
    }
    const key = `${headers.source} ${headers.messageId}`;
    const earlier = this.#answered.find(key);
    if (!earlier) {
      return this.#answered.run(key, () => this.#answer(message, parsed, outlet));
    }
    this.#counts.repeated += 1;
    this.#options.observers.report({
      kind: 'request-repeated',
      message: `The request ${headers.operationId} of ${headers.source} came a second time and is answered from memory.`,
      ...identityOf(headers),
    });
    if (earlier.kind === 'forgotten') {
      return this.#refuse({ headers }, new Refusal('answer-forgotten', SENTENCES.answerForgotten()));
    }
    return this.#repeat(earlier.answer);
  }

  async #repeat(earlier: Reply | Promise<Reply>): Promise<Outcome> {
    return { ...(await earlier), repeated: true };
  }

  #answer(message: WireMessage, parsed: ParsedRequest, outlet: PartOutlet | undefined): Promise<Reply> {
    const { headers } = parsed;
    const { payload, headers: raw } = message;
    const request: OperationRequest = {
      headers,
      payload,
      raw,
      live: undefined,
      answerHeaders: undefined,
      argument: undefined,
      closeArgument: undefined,
    };
    const failed = (error: unknown): Reply => {
      const { operationId } = headers;
      const isKnown = error instanceof Refusal;
      const failure = isKnown ? error : new Refusal('handler-failed', SENTENCES.failed(operationId), error);
      return this.#refuse(request, failure);
    };
    try {
      const operation = this.#admit(message, parsed);
      this.#inFlight += 1;
      const { stopping } = this.#environment;
      if (outlet) request.live = this.#live.open(message, headers, { outlet, operation, stopping });
      return runOperation(operation, request, this.#environment).then(
        (answer) => {
          this.#ended(request);
          this.#counts.answered += 1;
          return replyOf(this.#replies.answer(request, answer), { request, answer: answer.stored?.pointer });
        },
        (error: unknown) => {
          this.#ended(request);
          return failed(error);
        },
      );
    } catch (error) {
      return Promise.resolve(failed(error));
    }
  }

  #ended({ live }: OperationRequest): void {
    this.#inFlight -= 1;
    if (live) this.#live.close(live);
  }

  /** What can be told without looking into the payload. */
  #admit(message: WireMessage, { headers, dataHandlerKnown }: ParsedRequest): CompiledOperation {
    const { wire } = this.#options;
    if (!wire.isCompatible(headers.sdkVersion)) {
      throw new Refusal('version-incompatible', SENTENCES.versionIncompatible(wire.version));
    }
    if (!dataHandlerKnown) throw new Refusal('data-handler-unknown', SENTENCES.dataHandlerUnknown());
    const operation = this.#operationFor(headers.operationId, message.headers[ASK_HEADER]);
    if (!operation) {
      const known = [...this.#operations.keys()];
      throw new Refusal('operation-unknown', SENTENCES.operationUnknown(headers.operationId, known));
    }
    const wanted = operation.argument?.contentType ?? DEFAULT_CONTENT_TYPE;
    if (message.contentType !== wanted) {
      throw new Refusal(
        'content-type',
        SENTENCES.contentType(operation.fullName, wanted, message.contentType),
      );
    }
    const { maxPayloadBytes = MAX_PAYLOAD_BYTES } = this.#options;
    if (message.payload.byteLength > maxPayloadBytes) {
      throw new Refusal('payload-too-large', SENTENCES.payloadTooLarge(operation.fullName, maxPayloadBytes));
    }
    return operation;
  }

  #operationFor(name: string, wanted: string | undefined): CompiledOperation | undefined {
    const { selfDescription } = this.#options;
    if (wanted === 'schema' && name === selfDescription?.fullName) return selfDescription;
    return this.#operations.get(name);
  }

  #newEnvironment(): OperationEnvironment {
    const { data, blockedKeys } = this.#options;
    return {
      slots: this.#slots,
      stopping: this.#stopping.signal,
      data,
      isBlocked: ({ ignoreKeys }) => ignoreKeys.some((key) => blockedKeys.has(key)),
      contextOf: (operation, request, scope) => this.#contexts.of(operation, request, scope),
      lostDigits: this.#lostDigits,
    };
  }

  #refuse(asked: AskedWithData, refusal: Refusal): Reply {
    const { reason, cause } = refusal;
    this.#counts.refused += 1;
    this.#options.observers.report({
      kind: 'request-refused',
      reason,
      ...identityOf(asked.headers),
      message: refusal.message,
      error: cause,
    });
    return replyOf(this.#replies.refusal(asked, refusal.message), { request: asked, refusal: reason });
  }

  #drop(reason: DropReason, message: WireMessage, issues: readonly Issue[]): Outcome {
    this.#counts.dropped += 1;
    const { channel } = message;
    const error = new MessageError('HEADERS_INVALID', `A request on ${channel} cannot be answered`, {
      issues,
    });
    this.#options.observers.refused({ kind: 'request-dropped', reason, channel, error }, message);
    return { kind: 'dropped', reason, issues };
  }
}
