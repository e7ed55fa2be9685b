import type { WireMessage } from '@intersect-sdk/core';

/** A message that shares nothing with the other one. */
export function copyOf(message: WireMessage): WireMessage {
  // Not `slice()`: a Buffer's shares its memory.
  return { ...message, payload: new Uint8Array(message.payload), headers: { ...message.headers } };
}
