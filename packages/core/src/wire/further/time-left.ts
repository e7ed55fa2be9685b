import type { WireMessage } from '../wire-message.js';

/** The message, with what is left of its time in a header, in whole ms; as it is where it has no such header. */
export function withTimeLeft(message: WireMessage, header: string, leftMs: number): WireMessage {
  const { headers } = message;
  if (!Object.hasOwn(headers, header)) return message;
  return { ...message, headers: { ...headers, [header]: String(Math.ceil(leftMs)) } };
}
