import type { DataHandler } from '@intersect-sdk/core';
import {
  type AnswerState,
  newId,
  nowIso,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import { encodeUtf8, type FurtherHeaders, INSTANCE_HEADER, type Wire } from '@intersect-sdk/core/internal';
import type { StoredPayload } from '@intersect-sdk/messaging';
import type { RequestIdentity } from '../request/request-reasons.js';

/** What goes back to the asker, before it is a message. */
export interface Answer {
  readonly payload: Uint8Array;
  readonly contentType: string;
  readonly dataHandler: DataHandler;
  /** Where its data lie, if it travels by reference. */
  readonly stored?: StoredPayload | undefined;
}

/** What an answer goes back to. */
export interface Asked {
  readonly headers: UserspaceHeaders;
  /** Headers that the answer has besides those of the protocol. */
  readonly answerHeaders?: FurtherHeaders | undefined;
}

/** Makes the messages that go back to askers. */
export class Replies {
  readonly #wire: Wire;
  /** What each says besides; undefined where it is nothing. */
  readonly #always: FurtherHeaders | undefined;

  constructor(wire: Wire, instanceId: string | undefined) {
    this.#wire = wire;
    this.#always = instanceId === undefined ? undefined : { [INSTANCE_HEADER]: instanceId };
  }

  /** The message that carries an answer. */
  answer(asked: Asked, answer: Answer): WireMessage {
    return this.#reply(asked, answer, 'complete');
  }

  /** The message that carries an error: a sentence as plain text (protocol section 3). */
  refusal(asked: Asked, sentence: string): WireMessage {
    const payload = encodeUtf8(sentence);
    return this.#reply(asked, { payload, contentType: 'text/plain', dataHandler: 'MESSAGE' }, 'error');
  }

  #reply({ headers, answerHeaders }: Asked, answer: Answer, state: AnswerState): WireMessage {
    const { campaignId, requestId, source, destination, operationId } = headers;
    const wire = this.#wire;
    const further = this.#always ? { ...answerHeaders, ...this.#always } : answerHeaders;
    return {
      channel: wire.responseChannel(source),
      payload: answer.payload,
      contentType: answer.contentType,
      headers: wire.encodeUserspaceHeaders(
        {
          messageId: newId(),
          campaignId,
          requestId,
          source: destination,
          destination: source,
          createdAt: nowIso(),
          sdkVersion: wire.version,
          operationId,
          dataHandler: answer.dataHandler,
          state,
        },
        answer.stored ? { ...further, ...answer.stored.headers } : further,
      ),
    };
  }
}

/** Which request it is, for reports. */
export function identityOf(headers: UserspaceHeaders): RequestIdentity {
  const { operationId, source, requestId, messageId } = headers;
  return { operation: operationId, source, requestId, messageId };
}
