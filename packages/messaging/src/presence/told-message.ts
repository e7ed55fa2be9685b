import {
  decodePayload,
  type Integers,
  type LifecycleHeaders,
  MessageError,
  type WireMessage,
} from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, type Wire } from '@intersect-sdk/core/internal';
import { payloadProblem } from '../ask/intake-limits.js';
import type { LostDigits } from '../observe/lost-digits.js';

export interface ToldReading {
  readonly wire: Wire;
  readonly maxPayloadBytes: number;
  readonly integers: Integers | undefined;
  readonly lostDigits: LostDigits;
}

/** What STARTUP and POLLING tell (protocol section 3). */
export interface ToldPayload {
  /** The schema document, as it came; undefined where there is none. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** By the names of the capabilities; `null` where a status function failed or there is none. */
  readonly statuses: Readonly<Record<string, unknown>>;
}

/**
 * The headers of a lifecycle message that is really of the service on whose channel it came. Throws MessageError HEADERS_INVALID.
 */
export function lifecycleHeadersOf(message: WireMessage, wire: Wire): LifecycleHeaders {
  const headers = wire.parseLifecycleHeaders(message.headers);
  const { source } = headers;
  if (message.channel === wire.lifecycleChannel(source)) return headers;
  const text = `The lifecycle message on ${message.channel} says that it is of another service: ${source}.`;
  throw new MessageError('HEADERS_INVALID', text);
}

/** Reads the payload of STARTUP and POLLING. Throws MessageError VERSION_INCOMPATIBLE or PAYLOAD_INVALID. */
export function readTold(
  message: WireMessage,
  { source, sdkVersion }: Pick<LifecycleHeaders, 'source' | 'sdkVersion'>,
  { wire, maxPayloadBytes, integers, lostDigits }: ToldReading,
): ToldPayload {
  wire.assertCompatibleVersion(sdkVersion, source);
  const tooLarge = payloadProblem(message, maxPayloadBytes);
  if (tooLarge) throw tooLarge;
  const onDigitsLost = lostDigits.listenerForStatuses(source, message.channel);
  const decoded = decodePayload(message.payload, DEFAULT_CONTENT_TYPE, { integers, onDigitsLost });
  const told = toldPayloadOf(decoded);
  if (!told)
    throw new MessageError('PAYLOAD_INVALID', `The lifecycle message of ${source} holds no statuses.`);
  return told;
}

/** What such a payload says; undefined where it has no statuses. */
export function toldPayloadOf(decoded: unknown): ToldPayload | undefined {
  if (!isRecord(decoded) || !isRecord(decoded.status)) return undefined;
  const schema = isRecord(decoded.schema) ? decoded.schema : undefined;
  return { schema, statuses: { ...decoded.status } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
