import { uint16, uint32, variableInteger } from './bytes.js';
import { Property } from './decode-publish.js';
import { type Message, type QoS, remainingSeconds } from './message.js';
import type { OutgoingAlias } from './topic-aliases.js';

export interface PublishToEncode {
  readonly message: Message;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly packetId: number;
  /** Subscription identifiers. */
  readonly ids: readonly number[];
}

/** The packet as one subscriber gets it. */
export function encodePublish(
  entry: PublishToEncode,
  dup: boolean,
  alias: OutgoingAlias | undefined,
): Buffer {
  const { message, qos, retain, packetId, ids } = entry;
  const { properties, payload } = message;
  const added = ids.flatMap((id) => [Property.subscriptionIdentifier, ...variableInteger(id)]);
  if (alias !== undefined) added.push(Property.topicAlias, ...uint16(alias.value));
  if (message.expirySeconds !== undefined) {
    added.push(Property.messageExpiry, ...uint32(Math.max(0, remainingSeconds(message))));
  }
  const topic = Buffer.from(alias?.isNew === false ? '' : message.topic);
  const middle = Buffer.from([
    ...(qos > 0 ? uint16(packetId) : []),
    ...variableInteger(added.length + properties.length),
    ...added,
  ]);
  const remaining = 2 + topic.length + middle.length + properties.length + payload.length;
  const flags = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  const start = Buffer.from([flags, ...variableInteger(remaining), ...uint16(topic.length)]);
  return Buffer.concat([start, topic, middle, properties, payload]);
}
