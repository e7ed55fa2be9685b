import type { Message, QoS } from './message.js';
import { Property } from './publish-decoder.js';

/** How one subscriber gets a message. */
export interface DeliveryHeader {
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly packetId: number;
  readonly subscriptionIds: readonly number[];
  /** An alias the subscriber already knows replaces the topic; a new one goes beside it. */
  readonly alias?: { readonly value: number; readonly isNew: boolean } | undefined;
}

/** From this size on a payload is written on its own, not copied into each subscriber's packet. */
const SHARED_PAYLOAD_BYTES = 16 * 1024;

/** The packet in one buffer, or in two with a large payload shared between all subscribers. */
export function encodePublish(message: Message, header: DeliveryHeader): Buffer[] {
  const plain =
    header.qos === 0 &&
    !header.retain &&
    header.subscriptionIds.length === 0 &&
    header.alias === undefined &&
    message.expiresAt === undefined;
  if (!plain) return encode(message, header);
  if (message.plainPacket !== undefined) return [message.plainPacket];
  const parts = encode(message, header);
  if (parts.length === 1) message.plainPacket = parts[0];
  return parts;
}

function encode(message: Message, header: DeliveryHeader): Buffer[] {
  const { qos, alias, subscriptionIds } = header;
  const topicLength = alias?.isNew === false ? 0 : message.topicBytes.length;
  let propertiesLength = message.properties.length;
  for (const id of subscriptionIds) propertiesLength += 1 + variableIntegerLength(id);
  if (message.expiresAt !== undefined) propertiesLength += 5;
  if (alias !== undefined) propertiesLength += 3;
  const remaining =
    2 +
    topicLength +
    (qos > 0 ? 2 : 0) +
    variableIntegerLength(propertiesLength) +
    propertiesLength +
    message.payload.length;
  const total = 1 + variableIntegerLength(remaining) + remaining;
  const separate = message.payload.length >= SHARED_PAYLOAD_BYTES;

  const packet = Buffer.allocUnsafe(separate ? total - message.payload.length : total);
  packet[0] = 0x30 | (header.dup ? 8 : 0) | (qos << 1) | (header.retain ? 1 : 0);
  let at = writeVariableInteger(packet, remaining, 1);
  at = packet.writeUInt16BE(topicLength, at);
  if (topicLength > 0) at += message.topicBytes.copy(packet, at);
  if (qos > 0) at = packet.writeUInt16BE(header.packetId, at);
  at = writeVariableInteger(packet, propertiesLength, at);
  for (const id of subscriptionIds) {
    packet[at] = Property.subscriptionIdentifier;
    at = writeVariableInteger(packet, id, at + 1);
  }
  if (message.expiresAt !== undefined) {
    packet[at] = Property.messageExpiry;
    at = packet.writeUInt32BE(Math.max(0, Math.ceil((message.expiresAt - Date.now()) / 1000)), at + 1);
  }
  if (alias !== undefined) {
    packet[at] = Property.topicAlias;
    at = packet.writeUInt16BE(alias.value, at + 1);
  }
  at += message.properties.copy(packet, at);
  if (separate) return [packet, message.payload];
  message.payload.copy(packet, at);
  return [packet];
}

function variableIntegerLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}

function writeVariableInteger(buffer: Buffer, value: number, at: number): number {
  let rest = value;
  let position = at;
  do {
    const digit = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    buffer[position++] = rest > 0 ? digit | 0x80 : digit;
  } while (rest > 0);
  return position;
}
