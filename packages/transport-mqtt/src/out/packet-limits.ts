import type { PublishError, WireMessage } from '@intersect-sdk/core';
import { notCarried, packetTooLarge } from '../errors/errors.js';

const LONGEST_TEXT_BYTES = 65_535;
/** A text of this many UTF-16 units or fewer can't have more bytes than MQTT carries. */
const SURELY_SHORT = Math.floor(LONGEST_TEXT_BYTES / 3);
// MQTT 5 section 1.5.4: brokers may end the connection over any of these, and mosquitto does.
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
/** Fixed header, packet identifier and the lengths and tags of the parts that are always there. */
const FIXED_BYTES = 16;
/** Tag and two lengths of one user property. */
const HEADER_BYTES = 5;

/**
 * Why this message must not go out; undefined when it may. What a broker ends the connection for would
 * be sent again on every new connection, so it has to be found here.
 */
export function unsendableReason(message: WireMessage, maxPacketBytes: number): PublishError | undefined {
  const { channel, contentType, headers, payload } = message;
  const badChannel = channel.length > SURELY_SHORT ? textProblem(channel) : undefined;
  if (badChannel) return notCarried(printable(channel), `its channel ${badChannel}`);
  let units = channel.length + contentType.length;
  let bytes = payload.byteLength + FIXED_BYTES;
  const bad = textProblem(contentType);
  if (bad) return notCarried(channel, `its content type ${bad}`);
  for (const name in headers) {
    const value = headers[name] as string;
    const problem = textProblem(value) ?? textProblem(name);
    if (problem) return notCarried(channel, `header '${printable(name)}' ${problem}`);
    units += name.length + value.length;
    bytes += HEADER_BYTES;
  }
  if (bytes + units * 3 <= maxPacketBytes) return undefined;
  bytes += byteLength(channel) + byteLength(contentType);
  for (const name in headers) bytes += byteLength(name) + byteLength(headers[name] as string);
  return bytes <= maxPacketBytes ? undefined : packetTooLarge(channel, bytes, maxPacketBytes);
}

/** Why MQTT can't carry a text, as the end of a sentence; undefined when it can. */
export function textProblem(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'is not a string';
  if (FORBIDDEN.test(text)) return 'has control characters or is not valid Unicode';
  if (text.length > SURELY_SHORT && byteLength(text) > LONGEST_TEXT_BYTES) {
    return `is longer than ${LONGEST_TEXT_BYTES} bytes`;
  }
  return undefined;
}

function printable(name: string): string {
  return name.slice(0, 64).replace(new RegExp(FORBIDDEN, 'gu'), '?');
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
