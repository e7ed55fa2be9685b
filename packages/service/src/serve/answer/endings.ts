import { type Issue, MessageError, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import { RESERVED_CAPABILITY } from '@intersect-sdk/core/internal';
import type { DataPlane, Observers } from '@intersect-sdk/messaging';
import type { Expired } from '../limits/request-age.js';
import type { OperationRequest } from '../request/operation-request.js';
import type { DropReason } from '../request/request-reasons.js';
import { type AskedWithData, type Outcome, type Reply, replyOf } from './outcome.js';
import { identityOf, type Replies } from './replies.js';
import { Refusal } from './request-refusal.js';
import { SENTENCES } from './sentences.js';

/** How many requests ended how. */
export interface RequestCounts {
  /** Without those that asked for the status, as whoever looks after services does. */
  readonly answered: number;
  /** Answered with an error. */
  readonly refused: number;
  readonly dropped: number;
  /** Came a second time and were answered from memory; not counted anywhere else. */
  readonly repeated: number;
}

interface EndingsOptions {
  readonly replies: Replies;
  readonly data: DataPlane;
  readonly observers: Observers;
}

/** How requests end that do not end with the answer of their handler: each is counted and reported. */
export class Endings {
  readonly #options: EndingsOptions;
  readonly counts = { answered: 0, refused: 0, dropped: 0, repeated: 0 };

  constructor(options: EndingsOptions) {
    this.#options = options;
  }

  refuse(asked: AskedWithData, refusal: Refusal): Reply {
    const { reason, cause } = refusal;
    const { replies, observers } = this.#options;
    this.counts.refused += 1;
    observers.report({
      kind: 'request-refused',
      reason,
      ...identityOf(asked.headers),
      message: refusal.message,
      error: cause,
    });
    return replyOf(replies.refusal(asked, refusal.message), { request: asked, refusal: reason });
  }

  /** The reply that goes out instead of one that the broker finds too large. */
  tooLarge({ request, repeated, argument }: Reply, error: unknown): Reply {
    if (!request.operationId.startsWith(`${RESERVED_CAPABILITY}.`)) this.counts.answered -= 1;
    const refusal = new Refusal('answer-too-large', SENTENCES.tooLarge(request.operationId), error);
    return { ...this.refuse({ headers: request, argument }, refusal), repeated };
  }

  repeated(headers: UserspaceHeaders, how: string): void {
    this.counts.repeated += 1;
    this.#options.observers.report({
      kind: 'request-repeated',
      message: `The request ${headers.operationId} of ${headers.source} came ${how}.`,
      ...identityOf(headers),
    });
  }

  /** Nobody waits for an answer, nor reads its argument again. */
  expire(message: WireMessage, { headers, argument }: OperationRequest, error: Expired): Outcome {
    const { data, observers } = this.#options;
    this.counts.dropped += 1;
    if (argument) void data.remove(argument);
    else if (headers.dataHandler !== 'MESSAGE') void data.removeUnread(message);
    const reason = 'expired';
    observers.refused({ kind: 'request-dropped', reason, ...identityOf(headers), error }, message);
    return { kind: 'dropped', reason, issues: [] };
  }

  drop(reason: DropReason, message: WireMessage, issues: readonly Issue[]): Outcome {
    this.counts.dropped += 1;
    const { channel } = message;
    const error = new MessageError('HEADERS_INVALID', `A request on ${channel} cannot be answered`, {
      issues,
    });
    this.#options.observers.refused({ kind: 'request-dropped', reason, channel, error }, message);
    return { kind: 'dropped', reason, issues };
  }
}
