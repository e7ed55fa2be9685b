import { encodePayload, type LifecycleType, newId, nowIso, type WireMessage } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, INTERVAL_HEADER } from '@intersect-sdk/core/internal';
import type { Sender } from './event-message.js';

/** A lifecycle message of a service (protocol section 3). */
export function lifecycleMessage(
  { wire, address, statusIntervalMs }: Sender & { readonly statusIntervalMs: number },
  lifecycleType: LifecycleType,
  payload: unknown,
): WireMessage {
  const comesAgain = lifecycleType === 'LCT_STARTUP' || lifecycleType === 'LCT_POLLING';
  const further = comesAgain ? { [INTERVAL_HEADER]: String(Math.round(statusIntervalMs)) } : {};
  return {
    channel: wire.lifecycleChannel(address),
    payload: encodePayload(payload, DEFAULT_CONTENT_TYPE),
    contentType: DEFAULT_CONTENT_TYPE,
    headers: wire.encodeLifecycleHeaders(
      {
        messageId: newId(),
        source: address,
        createdAt: nowIso(),
        sdkVersion: wire.version,
        lifecycleType,
      },
      further,
    ),
  };
}
