import { encodePayload, type LifecycleType, newId, nowIso, type WireMessage } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import type { Sender } from './event-message.js';

/** A lifecycle message of a service (protocol section 3). */
export function lifecycleMessage(
  { wire, address }: Sender,
  lifecycleType: LifecycleType,
  payload: unknown,
): WireMessage {
  return {
    channel: wire.lifecycleChannel(address),
    payload: encodePayload(payload, DEFAULT_CONTENT_TYPE),
    contentType: DEFAULT_CONTENT_TYPE,
    headers: wire.encodeLifecycleHeaders({
      messageId: newId(),
      source: address,
      createdAt: nowIso(),
      sdkVersion: wire.version,
      lifecycleType,
    }),
  };
}
