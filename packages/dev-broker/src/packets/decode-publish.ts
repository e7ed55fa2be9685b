import { ByteReader } from './bytes.js';
import type { Message, QoS } from './message.js';
import { malformed, protocolError } from './reason.js';
import type { IncomingAliases } from './topic-aliases.js';
import { isValidTopicName } from './topics.js';

/** Property identifiers of PUBLISH, section 3.3.2.3 of MQTT 5. */
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

/**
 * Reads a PUBLISH without taking its properties apart, so that they can be passed on byte for byte.
 * @throws ProtocolFault when the packet breaks a rule of section 3.3 of MQTT 5.
 */
export function decodePublish(frame: Buffer, aliases: IncomingAliases) {
  const reader = new ByteReader(frame);
  const flags = reader.byte();
  const [dup, qos, retain] = [(flags & 8) !== 0, ((flags >> 1) & 3) as QoS | 3, (flags & 1) !== 0];
  if (qos === 3) throw malformed('Both QoS bits of a PUBLISH are set');
  if (dup && qos === 0) throw protocolError('A QoS 0 PUBLISH has the DUP flag');
  reader.variableInteger();
  const name = reader.text();
  const packetId = qos > 0 ? reader.uint16() : 0;
  if (qos > 0 && packetId === 0) throw malformed('A PUBLISH has the packet identifier 0');
  const { topicAlias, ...properties } = readProperties(frame, reader);
  const payload = frame.subarray(reader.at);
  const topic = aliases.resolve(topicAlias, name);
  const message: Message = { topic, qos, retain, arrivedAt: Date.now(), ...properties, payload };
  return { dup, packetId, message };
}

/** Properties without topic alias and message expiry, which stand beside them. */
function readProperties(frame: Buffer, reader: ByteReader) {
  const length = reader.variableInteger();
  const end = reader.at + length;
  const kept: Buffer[] = [];
  const seen = new Set<number>();
  let topicAlias: number | undefined;
  let expirySeconds: number | undefined;
  let keptFrom = reader.at;
  while (reader.at < end) {
    const start = reader.at;
    const id = reader.byte();
    if (seen.has(id)) throw protocolError('A property of a PUBLISH is given twice');
    if (id !== Property.userProperty) seen.add(id);
    if (id === Property.topicAlias || id === Property.messageExpiry) {
      if (id === Property.topicAlias) topicAlias = reader.uint16();
      else expirySeconds = reader.uint32();
      kept.push(frame.subarray(keptFrom, start));
      keptFrom = reader.at;
    } else {
      checkProperty(id, reader);
    }
  }
  if (reader.at !== end) throw malformed('The properties of a PUBLISH are longer than they say');
  const last = frame.subarray(keptFrom, end);
  return { properties: kept.length === 0 ? last : Buffer.concat([...kept, last]), topicAlias, expirySeconds };
}

/** Reads a property that is passed on as it came. */
function checkProperty(id: number, reader: ByteReader): void {
  if (id === Property.userProperty) reader.pair();
  else if (id === Property.contentType) reader.text();
  else if (id === Property.correlationData) reader.binary();
  else if (id === Property.payloadFormat) {
    if (reader.byte() > 1) throw protocolError('The payload format indicator is neither 0 nor 1');
  } else if (id === Property.responseTopic) {
    if (!isValidTopicName(reader.text())) throw protocolError('The response topic is not one');
  } else if (id === Property.subscriptionIdentifier) {
    throw protocolError('A client may not send a subscription identifier in a PUBLISH');
  } else {
    throw malformed(`A PUBLISH can't have the property 0x${id.toString(16)}`);
  }
}
