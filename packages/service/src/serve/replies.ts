import { newId, nowIso, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import { encodeUtf8, type Wire } from '@intersect-sdk/core/internal';
import type { DataHandler } from '../capability/declaration.js';
import type { RequestIdentity } from './request-reasons.js';

/** What goes back to the asker, before it is a message. */
export interface Answer {
  readonly payload: Uint8Array;
  readonly contentType: string;
  readonly dataHandler: DataHandler;
}

/** Makes the messages that go back to askers. */
export class Replies {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** The message that carries an answer. */
  answer(request: UserspaceHeaders, answer: Answer): WireMessage {
    return this.#reply(request, answer, 'complete');
  }

  /** The message that carries an error: a sentence as plain text (protocol section 3). */
  refusal(request: UserspaceHeaders, sentence: string): WireMessage {
    const payload = encodeUtf8(sentence);
    return this.#reply(request, { payload, contentType: 'text/plain', dataHandler: 'MESSAGE' }, 'error');
  }

  #reply(request: UserspaceHeaders, answer: Answer, state: UserspaceHeaders['state']): WireMessage {
    const { campaignId, requestId, source, destination, operationId } = request;
    const wire = this.#wire;
    return {
      channel: wire.responseChannel(source),
      payload: answer.payload,
      contentType: answer.contentType,
      headers: wire.encodeUserspaceHeaders({
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
      }),
    };
  }
}

/** Which request it is, for reports. */
export function identityOf(headers: UserspaceHeaders): RequestIdentity {
  const { operationId, source, requestId, messageId } = headers;
  return { operation: operationId, source, requestId, messageId };
}
