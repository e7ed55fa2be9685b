import type { Issue, UserspaceHeaders, WireMessage } from '@intersect-sdk/core';
import { type DataPointer, sizeOfHeaders } from '@intersect-sdk/core/internal';
import type { DropReason, RefusalReason } from '../request/request-reasons.js';
import type { Asked } from './replies.js';

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

/** A request as far as its reply needs it. */
export interface AskedWithData extends Asked {
  readonly argument?: DataPointer | undefined;
}

interface ReplyParts {
  readonly request: AskedWithData;
  readonly answer?: DataPointer | undefined;
  readonly refusal?: RefusalReason | undefined;
}

/** The reply to a request, with all that is to be known of it until it is sent. */
export function replyOf(message: WireMessage, { request, answer, refusal }: ReplyParts): Reply {
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
