import { type Emission, handledRejection } from '@intersect-sdk/contract/internal';
import type { EmitOptions, OperationContext } from '@intersect-sdk/contract/plain';
import {
  type Integers,
  type Issue,
  type Logger,
  MessageError,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import {
  ASK_HEADER,
  type DataPointer,
  DEFAULT_CONTENT_TYPE,
  sizeOfHeaders,
  type Wire,
} from '@intersect-sdk/core/internal';
import {
  type DataPlane,
  type DirectMessageParams,
  LostDigits,
  MAX_PAYLOAD_BYTES,
  type Observers,
  type RequestOptions,
  type Response,
  type StreamedResponse,
} from '@intersect-sdk/messaging';
import type { CompiledOperation } from '../compile/compiled.js';
import { withMore } from './answer/answer-headers.js';
import { AnsweredRequests, type AnswerMemoryLimits } from './answer/answered-requests.js';
import { type Asked, identityOf, Replies } from './answer/replies.js';
import { Refusal } from './answer/request-refusal.js';
import { SENTENCES } from './answer/sentences.js';
import { abortable } from './limits/abortable.js';
import { Semaphore } from './limits/semaphore.js';
import { readRequest } from './read-request.js';
import type { DropReason, RefusalReason } from './request-reasons.js';
import {
  type HandlerScope,
  type OperationEnvironment,
  type OperationRequest,
  runOperation,
} from './run-operation.js';

/** What becomes of a request: a message to send back, or nothing at all and why. */
export type Outcome =
  | {
      readonly kind: 'reply';
      readonly message: WireMessage;
      readonly request: UserspaceHeaders;
      /** Why it is an error; undefined for an answer. */
      readonly refusal: RefusalReason | undefined;
      /** What the answer takes while it is remembered. */
      readonly bytes: number;
      /** The answer of an earlier message with the same id. */
      readonly repeated: boolean;
      /** Where the request's argument lies, if it was read there, and the answer's data. */
      readonly argument: DataPointer | undefined;
      readonly answer: DataPointer | undefined;
      /** Shared with every repetition of the same request. */
      readonly delivery: Delivery;
    }
  | { readonly kind: 'dropped'; readonly reason: DropReason; readonly issues: readonly Issue[] };

/** An answer on its way, so that a request that came twice meanwhile is answered once. */
interface Delivery {
  sending?: Promise<void> | undefined;
}

export type Reply = Extract<Outcome, { readonly kind: 'reply' }>;

/** How many requests ended how. */
export interface RequestCounts {
  readonly answered: number;
  /** Answered with an error. */
  readonly refused: number;
  readonly dropped: number;
  /** Came a second time and were answered from memory; not counted anywhere else. */
  readonly repeated: number;
}

export interface RequestProcessorOptions {
  readonly wire: Wire;
  /** The service's own address. */
  readonly address: string;
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
  readonly logger: Logger;
  readonly observers: Observers;
  readonly memory?: Partial<AnswerMemoryLimits> | undefined;
  readonly emit: (emission: Emission) => Promise<void>;
  readonly call: (params: DirectMessageParams, options?: RequestOptions) => Promise<Response>;
  readonly callStream: (params: DirectMessageParams, options?: RequestOptions) => Promise<StreamedResponse>;
}

/** Turns requests into replies. Knows nothing of brokers: a message goes in, an outcome comes out, and it never rejects. */
export class RequestProcessor {
  readonly #options: RequestProcessorOptions;
  readonly #operations: ReadonlyMap<string, CompiledOperation>;
  readonly #replies: Replies;
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
    this.#replies = new Replies(options.wire);
    this.#slots = new Semaphore(options.concurrency);
    this.#answered = new AnsweredRequests(({ bytes }) => bytes, options.memory);
    this.#lostDigits = new LostDigits(options.observers);
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

  process(message: WireMessage): Promise<Outcome> {
    return Promise.resolve(this.#process(message));
  }

  /** The reply that goes out instead of one that the broker finds too large. */
  tooLarge({ request, repeated, argument }: Reply, error: unknown): Reply {
    this.#counts.answered -= 1;
    const refusal = new Refusal('answer-too-large', SENTENCES.tooLarge(request.operationId), error);
    return { ...this.#refuse({ headers: request, argument }, refusal), repeated };
  }

  #process(message: WireMessage): Outcome | Promise<Outcome> {
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
      return this.#answered.run(key, () => this.#answer(message, headers, parsed.dataHandlerKnown));
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

  #answer(message: WireMessage, headers: UserspaceHeaders, dataHandlerKnown: boolean): Promise<Reply> {
    const { payload, headers: raw } = message;
    const request: OperationRequest = {
      headers,
      payload,
      raw,
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
      const operation = this.#admit(message, headers, dataHandlerKnown);
      this.#inFlight += 1;
      return runOperation(operation, request, this.#environment).then(
        (answer) => {
          this.#inFlight -= 1;
          this.#counts.answered += 1;
          return replyOf(this.#replies.answer(request, answer), { request, answer: answer.stored?.pointer });
        },
        (error: unknown) => {
          this.#inFlight -= 1;
          return failed(error);
        },
      );
    } catch (error) {
      return Promise.resolve(failed(error));
    }
  }

  /** What can be told without looking into the payload. */
  #admit(message: WireMessage, headers: UserspaceHeaders, dataHandlerKnown: boolean): CompiledOperation {
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
    const { data, blockedKeys, integers } = this.#options;
    return {
      slots: this.#slots,
      stopping: this.#stopping.signal,
      data,
      integers,
      isBlocked: ({ ignoreKeys }) => ignoreKeys.some((key) => blockedKeys.has(key)),
      contextOf: (operation, request, during) => this.#contextOf(operation, request, during),
      digitsLostOf: ({ headers }) => this.#lostDigits.listenerForArgument(identityOf(headers)),
    };
  }

  #contextOf(
    { capability, fullName }: CompiledOperation,
    request: OperationRequest,
    { signal, whileOutside }: HandlerScope,
  ): OperationContext {
    const { wire, emit, call, callStream, logger } = this.#options;
    const { headers } = request;
    return {
      operation: fullName,
      requestId: headers.requestId,
      messageId: headers.messageId,
      campaignId: headers.campaignId,
      source: headers.source,
      furtherHeaders: wire.furtherHeadersOf(request.raw),
      setAnswerHeaders: (more) => {
        request.answerHeaders = withMore(request.answerHeaders, more, wire);
      },
      signal,
      logger,
      emit: (event: string, value: unknown, options?: EmitOptions) =>
        handledRejection(emit({ capability, event, value, options })),
      call: (params, options) => whileOutside(() => call(params, options)),
      callStream: (params, options) => whileOutside(() => callStream(params, options)),
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

interface AskedWithData extends Asked {
  readonly argument?: DataPointer | undefined;
}

interface ReplyParts {
  readonly request: AskedWithData;
  readonly answer?: DataPointer | undefined;
  readonly refusal?: RefusalReason | undefined;
}

function replyOf(message: WireMessage, { request, answer, refusal }: ReplyParts): Reply {
  const { headers, answerHeaders, argument } = request;
  const bytes = message.payload.length + (answerHeaders === undefined ? 0 : sizeOfHeaders(answerHeaders));
  return {
    kind: 'reply',
    message,
    request: headers,
    refusal,
    bytes,
    repeated: false,
    argument,
    answer,
    delivery: {},
  };
}
