import type { WireMessage } from '@intersect-sdk/core';

const PUBLISH = 0x30;
const PUBACK = 0x40;
const MESSAGE_EXPIRY = 0x02;
/** What it takes of a packet. */
export const EXPIRY_BYTES = 5;
const CONTENT_TYPE = 0x03;
const USER_PROPERTY = 0x26;
/** A payload up to this size is copied behind its header, which is cheaper than another write. */
const INLINE_BYTES = 16 * 1024;

/** Such a time has no end, or MQTT can't count it. */
const LONGEST_EXPIRY_S = 2 ** 32 - 1;

export interface EncodeOptions {
  /** 0 for quality of service 0. */
  readonly packetId: number;
  /** How long the broker keeps the message; rounded up to whole seconds. */
  readonly expiresAfterMs?: number | undefined;
}

/**
 * The bytes of a PUBLISH packet (MQTT 5 section 3.3), never retained: one piece, or two with the payload
 * as it was given. mqtt.js writes a packet of ours in 60 pieces, copies the payload into a store that we must
 * not have, and takes ten times as long. The message must have passed `carryProblem`.
 */
export function encodePublish(
  message: WireMessage,
  { packetId, expiresAfterMs }: EncodeOptions,
): readonly Uint8Array[] {
  const qos = packetId === 0 ? 0 : 1;
  const { channel, payload, contentType, headers } = message;
  scratch.at = 0;
  scratch.text(channel);
  if (qos > 0) scratch.uint16(packetId);
  const beforeProperties = scratch.at;
  if (expiresAfterMs !== undefined) {
    scratch.byte(MESSAGE_EXPIRY);
    scratch.uint32(Math.min(Math.ceil(expiresAfterMs / 1000), LONGEST_EXPIRY_S));
  }
  if (contentType !== '') {
    scratch.byte(CONTENT_TYPE);
    scratch.text(contentType);
  }
  for (const name in headers) {
    scratch.byte(USER_PROPERTY);
    scratch.text(name);
    scratch.text(headers[name] as string);
  }
  const propertyBytes = scratch.at - beforeProperties;
  const remaining = scratch.at + lengthBytes(propertyBytes) + payload.byteLength;
  const inline = payload.byteLength <= INLINE_BYTES;
  const packet = new Uint8Array(1 + lengthBytes(remaining) + remaining - (inline ? 0 : payload.byteLength));
  packet[0] = PUBLISH | (qos << 1);
  let at = writeLength(packet, 1, remaining);
  packet.set(scratch.bytes.subarray(0, beforeProperties), at);
  at = writeLength(packet, at + beforeProperties, propertyBytes);
  packet.set(scratch.bytes.subarray(beforeProperties, scratch.at), at);
  if (!inline) return [packet, payload];
  packet.set(payload, at + propertyBytes);
  return [packet];
}

/** The bytes of a PUBACK packet that says `success`. */
export function encodePuback(packetId: number): Uint8Array {
  return new Uint8Array([PUBACK, 2, packetId >> 8, packetId & 0xff]);
}

/** How many bytes a variable byte integer takes (MQTT 5 section 1.5.5). */
function lengthBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
}

/** Writes a variable byte integer and answers where it ends. */
function writeLength(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** Where the parts of a packet are put together until their lengths are known. */
class Scratch {
  bytes = new Uint8Array(4096);
  at = 0;
  readonly #encoder = new TextEncoder();

  byte(value: number): void {
    this.#reserve(1);
    this.bytes[this.at++] = value;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.bytes[this.at++] = (value >> 8) & 0xff;
    this.bytes[this.at++] = value & 0xff;
  }

  uint32(value: number): void {
    this.uint16(value >>> 16);
    this.uint16(value & 0xffff);
  }

  /** A text with its length in front. */
  text(text: string): void {
    this.#reserve(2 + text.length * 3);
    const start = this.at + 2;
    const written =
      this.#ascii(text, start) ?? this.#encoder.encodeInto(text, this.bytes.subarray(start)).written;
    this.bytes[this.at] = written >> 8;
    this.bytes[this.at + 1] = written & 0xff;
    this.at = start + written;
  }

  /** Nearly every text is ASCII, and this is three times as fast as an encoder. */
  #ascii(text: string, start: number): number | undefined {
    const { bytes } = this;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return undefined;
      bytes[start + index] = unit;
    }
    return text.length;
  }

  #reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

const scratch = new Scratch();
