import {
  DEFAULT_CONTENT_TYPE,
  encodeLifecycleHeaders,
  encodePayload,
  type LifecycleType,
  lifecycleChannel,
  newId,
  nowIso,
  PROTOCOL_VERSION,
  type WireMessage,
} from '@intersect-sdk/core';

/** A lifecycle message of the service at `address` (protocol section 3). */
export function lifecycleMessage(
  address: string,
  lifecycleType: LifecycleType,
  payload: unknown,
): WireMessage {
  return {
    channel: lifecycleChannel(address),
    payload: encodePayload(payload, DEFAULT_CONTENT_TYPE),
    contentType: DEFAULT_CONTENT_TYPE,
    headers: encodeLifecycleHeaders({
      messageId: newId(),
      source: address,
      createdAt: nowIso(),
      sdkVersion: PROTOCOL_VERSION,
      lifecycleType,
    }),
  };
}
