import { isUtf8 } from 'node:buffer';
import { Message, type QoS } from './message.js';
import { malformed, ProtocolFault, protocolError, Reason } from './reason.js';
import type { Topic } from './topic-aliases.js';
import { isValidTopicName } from './topics.js';

/** Property identifiers of PUBLISH, MQTT 5 section 3.3.2.3. */
export const Property = {
  payloadFormat: 0x01,
  messageExpiry: 0x02,
  contentType: 0x03,
  responseTopic: 0x08,
  correlationData: 0x09,
  subscriptionIdentifier: 0x0b,
  topicAlias: 0x23,
  userProperty: 0x26,
} as const;

/** A PUBLISH as it came from a client. The topic is empty when an alias stands for it. */
export interface ReceivedPublish {
  readonly dup: boolean;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly packetId: number;
  readonly topic: string;
  readonly topicBytes: Buffer;
  readonly topicAlias: number | undefined;
  readonly expirySeconds: number | undefined;
  readonly properties: Buffer;
  readonly payload: Buffer;
}

const EMPTY = Buffer.alloc(0);

/**
 * Reads a PUBLISH without taking its properties apart, so that they can be passed on byte for byte.
 * @throws ProtocolFault when the packet breaks a rule of MQTT 5 section 3.3.
 */
export function decodePublish(frame: Buffer, bodyStart: number): ReceivedPublish {
  const flags = frame.readUInt8(0) & 0x0f;
  const qos = ((flags >> 1) & 3) as QoS | 3;
  if (qos === 3) throw malformed('Both QoS bits of a PUBLISH are set');
  const dup = (flags & 8) !== 0;
  if (dup && qos === 0) throw protocolError('A QoS 0 PUBLISH has the DUP flag');

  const topicStart = bodyStart + 2;
  const topicEnd = topicStart + uint16(frame, bodyStart);
  const topicBytes = frame.subarray(topicStart, topicEnd);
  const topic = utf8(frame, topicStart, topicEnd);
  let at = topicEnd;
  let packetId = 0;
  if (qos > 0) {
    packetId = uint16(frame, at);
    if (packetId === 0) throw malformed('A PUBLISH has the packet identifier 0');
    at += 2;
  }
  const properties = readProperties(frame, at);
  if (topic === '' ? properties.topicAlias === undefined : !isValidTopicName(topic)) {
    throw new ProtocolFault(Reason.topicNameInvalid, 'A PUBLISH names no topic or one with a wildcard');
  }
  return {
    dup,
    qos,
    retain: (flags & 1) !== 0,
    packetId,
    topic,
    topicBytes,
    topicAlias: properties.topicAlias,
    expirySeconds: properties.expirySeconds,
    properties: properties.kept,
    payload: frame.subarray(properties.end),
  };
}

/** The message of a PUBLISH; its life begins now. The topic is given when an alias stood for it. */
export function toMessage(
  received: ReceivedPublish,
  topic: Topic = { name: received.topic, bytes: received.topicBytes },
): Message {
  const { qos, retain, properties, payload, expirySeconds } = received;
  const expiresAt = expirySeconds === undefined ? undefined : Date.now() + expirySeconds * 1000;
  return new Message({
    topic: topic.name,
    topicBytes: topic.bytes,
    qos,
    retain,
    expiresAt,
    properties,
    payload,
  });
}

interface PublishProperties {
  readonly kept: Buffer;
  readonly end: number;
  readonly topicAlias: number | undefined;
  readonly expirySeconds: number | undefined;
}

function readProperties(frame: Buffer, lengthAt: number): PublishProperties {
  const { value: length, end: start } = variableInteger(frame, lengthAt);
  const end = start + length;
  if (end > frame.length) throw malformed('The properties of a PUBLISH are longer than the packet');
  let topicAlias: number | undefined;
  let expirySeconds: number | undefined;
  const kept: Buffer[] = [];
  let keptFrom = start;
  let seen = 0;
  let at = start;
  while (at < end) {
    const id = frame.readUInt8(at);
    const valueAt = at + 1;
    const next = propertyEnd(frame, id, valueAt);
    if (next > end) throw malformed('A property of a PUBLISH is cut off');
    if (id !== Property.userProperty) {
      const bit = 1 << (id === Property.topicAlias ? 0 : id);
      if ((seen & bit) !== 0) throw protocolError('A property of a PUBLISH is given twice');
      seen |= bit;
    }
    if (id === Property.topicAlias || id === Property.messageExpiry) {
      if (id === Property.messageExpiry) expirySeconds = frame.readUInt32BE(valueAt);
      else topicAlias = frame.readUInt16BE(valueAt);
      if (at > keptFrom) kept.push(frame.subarray(keptFrom, at));
      keptFrom = next;
    }
    at = next;
  }
  if (end > keptFrom) kept.push(frame.subarray(keptFrom, end));
  const bytes = kept.length > 1 ? Buffer.concat(kept) : (kept[0] ?? EMPTY);
  return { kept: bytes, end, topicAlias, expirySeconds };
}

/** Where the property's value ends, the value being checked on the way. */
function propertyEnd(frame: Buffer, id: number, at: number): number {
  switch (id) {
    case Property.payloadFormat:
      if ((frame[at] ?? 2) > 1) throw protocolError('The payload format indicator is neither 0 nor 1');
      return at + 1;
    case Property.messageExpiry:
      return at + 4;
    case Property.topicAlias:
      return at + 2;
    case Property.correlationData:
      return at + 2 + uint16(frame, at);
    case Property.contentType:
      return stringEnd(frame, at);
    case Property.responseTopic: {
      const end = stringEnd(frame, at);
      if (!isValidTopicName(frame.toString('utf8', at + 2, end))) {
        throw protocolError('The response topic is empty or has a wildcard');
      }
      return end;
    }
    case Property.userProperty:
      return stringEnd(frame, stringEnd(frame, at));
    case Property.subscriptionIdentifier:
      throw protocolError('A client may not send a subscription identifier in a PUBLISH');
    default:
      throw malformed(`A PUBLISH can't have the property 0x${id.toString(16)}`);
  }
}

function stringEnd(frame: Buffer, at: number): number {
  const end = at + 2 + uint16(frame, at);
  checkUtf8(frame, at + 2, end);
  return end;
}

function utf8(frame: Buffer, start: number, end: number): string {
  checkUtf8(frame, start, end);
  return frame.toString('utf8', start, end);
}

function checkUtf8(frame: Buffer, start: number, end: number): void {
  if (end > frame.length) throw malformed('A string is longer than its packet');
  const bytes = frame.subarray(start, end);
  if (!isUtf8(bytes) || bytes.includes(0)) throw malformed('A string is not well-formed UTF-8');
}

function uint16(frame: Buffer, at: number): number {
  if (at + 2 > frame.length) throw malformed('A packet is cut off');
  return frame.readUInt16BE(at);
}

/** Reads a variable byte integer and says where it ends. */
export function variableInteger(
  buffer: Buffer,
  start: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 4; index++) {
    const byte = buffer[start + index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 0x80 ** index;
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  throw malformed('A variable byte integer is cut off or longer than four bytes');
}
