import { uint16, variableInteger } from './bytes.js';
import { Property } from './decode-publish.js';
import { type Message, type QoS, remainingSeconds } from './message.js';

/** How one subscriber gets a message. */
export interface DeliveryHeader {
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly packetId: number;
  readonly ids: readonly number[];
  /** An alias the subscriber already knows replaces the topic; a new one goes beside it. */
  readonly alias: { readonly value: number; readonly isNew: boolean } | undefined;
}

/** From this size on a payload is written on its own, not copied into each subscriber's packet. */
const SHARED_PAYLOAD_BYTES = 16 * 1024;

/** The packet in one buffer, or in two with a large payload shared between all subscribers. */
export function encodePublish(message: Message, header: DeliveryHeader): Buffer[] {
  const { qos, retain, dup, packetId, ids, alias } = header;
  const hasExpiry = message.expirySeconds !== undefined;
  const isPlain = qos === 0 && !retain && ids.length === 0 && alias === undefined && !hasExpiry;
  if (isPlain && message.plainPacket !== undefined) return [message.plainPacket];

  const added: number[] = [];
  for (const id of ids) added.push(Property.subscriptionIdentifier, ...variableInteger(id));
  if (alias !== undefined) added.push(Property.topicAlias, ...uint16(alias.value));
  if (hasExpiry) {
    const seconds = Math.max(0, remainingSeconds(message));
    added.push(
      Property.messageExpiry,
      ...uint16(Math.floor(seconds / 0x1_0000)),
      ...uint16(seconds % 0x1_0000),
    );
  }
  const { properties, payload } = message;
  const topic = alias?.isNew === false ? Buffer.alloc(0) : message.topicBytes;
  const lengths = [
    ...(qos > 0 ? uint16(packetId) : []),
    ...variableInteger(added.length + properties.length),
  ];
  const middle = Buffer.from([...lengths, ...added]);
  const remaining = 2 + topic.length + middle.length + properties.length + payload.length;
  const flags = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  const start = Buffer.from([flags, ...variableInteger(remaining), ...uint16(topic.length)]);
  if (payload.length >= SHARED_PAYLOAD_BYTES)
    return [Buffer.concat([start, topic, middle, properties]), payload];
  const packet = Buffer.concat([start, topic, middle, properties, payload]);
  if (isPlain) message.plainPacket = packet;
  return [packet];
}
