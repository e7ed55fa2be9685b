import {
  encodeUserspaceHeaders,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  responseChannel,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import { encodeUtf8 } from '@intersect-sdk/core/internal';
import type { DataHandler } from '../capability/declaration.js';
import type { RequestIdentity } from '../report.js';

/** What goes back to the asker, before it is a message. */
export interface Answer {
  readonly payload: Uint8Array;
  readonly contentType: string;
  readonly dataHandler: DataHandler;
}

/** The message that carries an answer. */
export function answerTo(
  request: UserspaceHeaders,
  { payload, contentType, dataHandler }: Answer,
): WireMessage {
  return reply(request, { payload, contentType }, { dataHandler, hasError: false });
}

/** The message that carries an error: a sentence as plain text (protocol section 3). */
export function refusalOf(request: UserspaceHeaders, sentence: string): WireMessage {
  const content = { payload: encodeUtf8(sentence), contentType: 'text/plain' };
  return reply(request, content, { dataHandler: 'MESSAGE', hasError: true });
}

/** Which request it is, for reports. */
export function identityOf(headers: UserspaceHeaders): RequestIdentity {
  const { operationId, source, requestId, messageId } = headers;
  return { operation: operationId, source, requestId, messageId };
}

function reply(
  request: UserspaceHeaders,
  content: Pick<WireMessage, 'payload' | 'contentType'>,
  state: Pick<UserspaceHeaders, 'dataHandler' | 'hasError'>,
): WireMessage {
  const { campaignId, requestId, source, destination, operationId } = request;
  const headers = encodeUserspaceHeaders({
    messageId: newId(),
    campaignId,
    requestId,
    source: destination,
    destination: source,
    createdAt: nowIso(),
    sdkVersion: PROTOCOL_VERSION,
    operationId,
    dataHandler: state.dataHandler,
    hasError: state.hasError,
  });
  return {
    channel: responseChannel(source),
    payload: content.payload,
    contentType: content.contentType,
    headers,
  };
}
