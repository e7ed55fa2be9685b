export type QoS = 0 | 1 | 2;

/** A message never gets a higher QoS than it was published with, nor than its subscriber asked for. */
export const lowerQoS = (one: QoS, other: QoS): QoS => Math.min(one, other) as QoS;

/**
 * An application message inside the broker. The properties stay the bytes that the publisher sent (order and
 * repeated keys included), less those that concern one hop only: topic alias and message expiry.
 */
export class Message {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Milliseconds since the epoch, or undefined for a message that doesn't expire. */
  readonly expiresAt: number | undefined;
  topicBytes: Buffer;
  properties: Buffer;
  payload: Buffer;
  /** The packet as QoS 0 subscribers without options get it: encoded once, written to all of them. */
  plainPacket: Buffer | undefined;
  #owned = false;

  constructor(fields: MessageFields) {
    this.topic = fields.topic;
    this.topicBytes = fields.topicBytes;
    this.qos = fields.qos;
    this.retain = fields.retain;
    this.expiresAt = fields.expiresAt;
    this.properties = fields.properties;
    this.payload = fields.payload;
  }

  get bytes(): number {
    return this.topicBytes.length + this.properties.length + this.payload.length;
  }

  isExpired(now: number): boolean {
    return this.expiresAt !== undefined && this.expiresAt <= now;
  }

  /** Copies the message out of the network buffer it was read from, which it would keep alive otherwise. */
  own(): this {
    if (this.#owned) return this;
    this.#owned = true;
    const copy = Buffer.allocUnsafeSlow(this.bytes);
    const propertiesAt = this.topicBytes.copy(copy);
    const payloadAt = propertiesAt + this.properties.copy(copy, propertiesAt);
    this.payload.copy(copy, payloadAt);
    this.topicBytes = copy.subarray(0, propertiesAt);
    this.properties = copy.subarray(propertiesAt, payloadAt);
    this.payload = copy.subarray(payloadAt);
    return this;
  }
}

export interface MessageFields {
  readonly topic: string;
  readonly topicBytes: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly expiresAt: number | undefined;
  readonly properties: Buffer;
  readonly payload: Buffer;
}
