import { MessageError, type WireMessage } from '@intersect-sdk/core';

/** The largest payload that RabbitMQ 4 carries unless it is told otherwise, in bytes. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** How many requests of one program may wait for their answers. */
export const MAX_PENDING_REQUESTS = 20_000;

/** The error for a payload over the limit, before anything reads it; undefined for one within the limit. */
export function payloadProblem(
  { channel, payload }: WireMessage,
  maxPayloadBytes: number,
): MessageError | undefined {
  if (payload.byteLength <= maxPayloadBytes) return undefined;
  return new MessageError(
    'PAYLOAD_INVALID',
    [
      `The payload on ${channel} has ${payload.byteLength} bytes; this program takes ${maxPayloadBytes}.`,
      'Have large data sent through a data store, or raise maxPayloadBytes.',
    ].join(' '),
  );
}
