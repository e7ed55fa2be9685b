import { RequestError, type UserspaceHeaders, type WireMessage } from '@intersect-sdk/core';
import {
  argumentIssues,
  decodeText,
  REFUSAL_HEADER,
  type Response,
  type ResponseDetails,
  type StreamedResponse,
  type Wire,
} from '@intersect-sdk/core/internal';
import { type LostDigits, lossInAnswer } from '../../observe/lost-digits.js';
import { payloadProblem } from '../intake-limits.js';

/** The final response to a request, as it came. */
export interface ArrivedAnswer {
  readonly message: WireMessage;
  readonly headers: UserspaceHeaders;
  /** When its request was sent, in ms since 1970. */
  readonly sentAtMs: number;
  /** The name of the broker that it came from. */
  readonly broker: string;
}

/** How answers are read. */
export interface ReadingOptions {
  readonly wire: Wire;
  readonly maxPayloadBytes: number;
  readonly lostDigits: LostDigits;
}

/** Throws RequestError REMOTE_ERROR with the service's sentence, or MessageError VERSION_INCOMPATIBLE or PAYLOAD_INVALID. */
export function throwIfUnusable(
  { message, headers }: ArrivedAnswer,
  { wire, maxPayloadBytes }: ReadingOptions,
): void {
  const { source, operationId: operation, requestId } = headers;
  const tooLarge = payloadProblem(message, maxPayloadBytes);
  if (tooLarge) throw tooLarge;
  wire.assertCompatibleVersion(headers.sdkVersion, source);
  if (!headers.hasError) return;
  const sentence = decodeText(message.payload);
  const furtherHeaders = wire.furtherHeadersOf(message.headers);
  const issues = argumentIssues(sentence);
  const details = { requestId, destination: source, operation, issues, furtherHeaders };
  if (message.headers[REFUSAL_HEADER] === 'busy') throw new RequestError('SERVICE_BUSY', sentence, details);
  throw new RequestError('REMOTE_ERROR', sentence, details);
}

/** The answer of these bytes, which the message holds or points at. Throws MessageError PAYLOAD_INVALID. */
export function responseOf(
  { message, headers, sentAtMs }: ArrivedAnswer,
  bytes: Uint8Array,
  { wire, lostDigits }: ReadingOptions,
): Response {
  const { source, operationId: operation, requestId, campaignId } = headers;
  const { contentType } = message;
  const { channel } = message;
  const payload = lostDigits.decode({ bytes, contentType, isOwn: headers.dataHandler !== 'MESSAGE' }, () =>
    lossInAnswer(operation, { channel, source, operation, requestId }),
  );
  return {
    source,
    operation,
    requestId,
    campaignId,
    headers,
    furtherHeaders: wire.furtherHeadersOf(message.headers),
    contentType,
    payload,
    bytes,
    sentAtMs,
    receivedAtMs: Date.now(),
  };
}

type Opened = Pick<StreamedResponse, 'body' | 'size'>;

/** The answer whose data are still to be read. */
export function streamedResponseOf(
  { message, headers, sentAtMs }: ArrivedAnswer,
  { body, size }: Opened,
  { wire }: ReadingOptions,
): StreamedResponse {
  const { source, operationId: operation, requestId, campaignId } = headers;
  const details: ResponseDetails = {
    requestId,
    campaignId,
    headers,
    furtherHeaders: wire.furtherHeadersOf(message.headers),
    contentType: message.contentType,
    sentAtMs,
    receivedAtMs: Date.now(),
  };
  return { ...details, source, operation, body, size };
}
