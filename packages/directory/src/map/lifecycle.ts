import {
  decodePayload,
  type LifecycleType,
  lifecycleChannel,
  MessageError,
  parseLifecycleHeaders,
} from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, INTERVAL_HEADER } from '@intersect-sdk/core/internal';
import { type ToldPayload, toldPayloadOf, type WatchedMessage } from '@intersect-sdk/messaging';

/** What a service said by itself (protocol section 3). */
export interface Heard {
  readonly address: string;
  readonly type: LifecycleType;
  readonly atMs: number;
  /** With STARTUP and POLLING. */
  readonly told?: ToldPayload | undefined;
  /** With the two messages about functions. */
  readonly keys?: readonly string[] | undefined;
  /** With SHUTDOWN. */
  readonly reason?: string | undefined;
  /** Where the service says it. */
  readonly intervalMs?: number | undefined;
}

/** Reads a lifecycle message. Throws MessageError HEADERS_INVALID, PAYLOAD_INVALID or VERSION_INCOMPATIBLE. */
export function readLifecycle({ message, receivedAtMs: atMs }: WatchedMessage): Heard {
  const { headers, channel, payload } = message;
  const { source: address, lifecycleType: type } = parseLifecycleHeaders(headers);
  if (channel !== lifecycleChannel(address)) {
    const text = `The lifecycle message on ${channel} says that it is of another service: ${address}.`;
    throw new MessageError('HEADERS_INVALID', text);
  }
  const value = decodePayload(payload, DEFAULT_CONTENT_TYPE, { allowEmpty: true });
  const heard = { address, type, atMs, intervalMs: intervalOf(headers[INTERVAL_HEADER]) };
  if (type === 'LCT_SHUTDOWN') return { ...heard, reason: typeof value === 'string' ? value : undefined };
  if (type === 'LCT_STARTUP' || type === 'LCT_POLLING') return { ...heard, told: toldPayloadOf(value) };
  const keys = Array.isArray(value) ? value.filter((key) => typeof key === 'string') : [];
  return { ...heard, keys };
}

function intervalOf(text: string | undefined): number | undefined {
  const ms = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
