import {
  decodePayload,
  type Integers,
  MessageError,
  RequestError,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import { argumentIssues, decodeText, type Response, type Wire } from '@intersect-sdk/core/internal';
import type { LostDigits } from '../observe/lost-digits.js';
import { payloadProblem } from './intake-limits.js';

/** What is needed to read an answer. */
export interface ReadingOptions {
  readonly wire: Wire;
  readonly sentAtMs: number;
  readonly maxPayloadBytes: number;
  readonly integers: Integers | undefined;
  readonly lostDigits: LostDigits;
}

/**
 * The answer in the final response to a request. Throws RequestError REMOTE_ERROR with the service's sentence, or MessageError
 * VERSION_INCOMPATIBLE, DATA_HANDLER_UNSUPPORTED or PAYLOAD_INVALID.
 */
export function readResponse(
  message: WireMessage,
  headers: UserspaceHeaders,
  { wire, sentAtMs, maxPayloadBytes, integers, lostDigits }: ReadingOptions,
): Response {
  const { source, operationId: operation, requestId, campaignId } = headers;
  const tooLarge = payloadProblem(message, maxPayloadBytes);
  if (tooLarge) throw tooLarge;
  wire.assertCompatibleVersion(headers.sdkVersion, source);
  if (headers.hasError) {
    const sentence = decodeText(message.payload);
    const furtherHeaders = wire.furtherHeadersOf(message.headers);
    const issues = argumentIssues(sentence);
    const details = { requestId, destination: source, operation, issues, furtherHeaders };
    throw new RequestError('REMOTE_ERROR', sentence, details);
  }
  if (headers.dataHandler !== 'MESSAGE') {
    throw new MessageError(
      'DATA_HANDLER_UNSUPPORTED',
      `The answer of ${source} to ${operation} lies in a data store (${headers.dataHandler}) that this program cannot read.`,
    );
  }
  const { contentType } = message;
  const about = { channel: message.channel, source, operation, requestId };
  const payload = decodePayload(message.payload, contentType, {
    integers,
    onDigitsLost: lostDigits.listenerFor(about),
  });
  return {
    source,
    operation,
    requestId,
    campaignId,
    headers,
    furtherHeaders: wire.furtherHeadersOf(message.headers),
    contentType,
    payload,
    bytes: message.payload,
    sentAtMs,
    receivedAtMs: Date.now(),
  };
}
