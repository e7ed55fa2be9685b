import { encodePayload, type LifecycleType, newId, nowIso, type WireMessage } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, INSTANCE_HEADER, INTERVAL_HEADER } from '@intersect-sdk/core/internal';
import type { Instance } from '../replicas/instance.js';
import type { Sender } from './event-message.js';

interface LifecycleSender extends Sender {
  readonly statusIntervalMs: number;
  /** Which one of several it is. */
  readonly instance?: Instance | undefined;
}

/** A lifecycle message of a service (protocol section 3). */
export function lifecycleMessage(
  { wire, address, statusIntervalMs, instance }: LifecycleSender,
  lifecycleType: LifecycleType,
  payload: unknown,
): WireMessage {
  const comesAgain = lifecycleType === 'LCT_STARTUP' || lifecycleType === 'LCT_POLLING';
  const further = {
    ...(comesAgain && { [INTERVAL_HEADER]: String(Math.round(statusIntervalMs)) }),
    ...(instance && { [INSTANCE_HEADER]: instance.id }),
  };
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
