export type QoS = 0 | 1 | 2;

/**
 * An application message inside the broker. The properties stay the bytes that the publisher sent (order and
 * repeated keys included), less those that concern one hop only: topic alias and message expiry.
 */
export interface Message {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly expirySeconds: number | undefined;
  /** When its lifetime began, in milliseconds since the epoch. */
  readonly arrivedAt: number;
  properties: Buffer;
  payload: Buffer;
  /** Whether the bytes are its own, and not a view into what was read from the network. */
  owned?: true;
}

/** What is left of the message's lifetime; infinite when it has none. */
export const remainingSeconds = ({ expirySeconds = Number.POSITIVE_INFINITY, arrivedAt }: Message): number =>
  Math.ceil(expirySeconds - (Date.now() - arrivedAt) / 1000);

/** Copies the bytes of a message that stays, which would keep the whole network buffer alive otherwise. */
export function ownBytes(message: Message): void {
  if (message.owned) return;
  message.properties = Buffer.from(message.properties);
  message.payload = Buffer.from(message.payload);
  message.owned = true;
}

/** Counted for each stored message on top of its topic, properties and payload. */
const ENTRY_BYTES = 300;

/** What it takes to keep a message. */
export const storedBytes = ({ topic, properties, payload }: Message): number =>
  2 * topic.length + properties.length + payload.length + ENTRY_BYTES;

/** A message never gets a higher QoS than it was published with, nor than its subscriber asked for. */
export const lowerQoS = (one: QoS, other: QoS): QoS => Math.min(one, other) as QoS;
