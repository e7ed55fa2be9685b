import type { WireMessage } from '@intersect-sdk/core';
import type { IPublishPacket } from 'mqtt';
import type { ReceivedPublish } from './received-publish.js';

type Headers = Readonly<Record<string, string>>;

const NO_HEADERS: Headers = Object.freeze(Object.create(null));

/** The topic filter of a channel: `*` becomes `+` (protocol section 5). */
export function topicFilter(channel: string): string {
  return channel.includes('*') ? channel.replaceAll('*', '+') : channel;
}

/** The topic filter of a subscription that several sessions share: those of the same group. */
export function sharedTopicFilter(channel: string, group: string): string {
  return `$share/${group}/${topicFilter(channel)}`;
}

/** What mqtt.js has read, without any object of mqtt.js in it. */
export function fromPacket(packet: IPublishPacket): ReceivedPublish {
  const { messageId, qos, dup, properties } = packet;
  return {
    message: toWireMessage(packet),
    messageId: qos === 1 ? messageId : undefined,
    redelivered: dup,
    identifiers: properties?.subscriptionIdentifier,
  };
}

function toWireMessage(packet: IPublishPacket): WireMessage {
  const { payload, properties } = packet;
  const contentType = properties?.contentType;
  return {
    channel: packet.topic,
    payload: toBytes(payload),
    contentType: typeof contentType === 'string' ? contentType : '',
    headers: singleHeaders(properties?.userProperties),
  };
}

// A view without Node's Buffer class around it, whose `slice` and `toString` differ from every other byte array's.
function toBytes(payload: string | Uint8Array): Uint8Array {
  if (typeof payload === 'string') return new TextEncoder().encode(payload);
  return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
}

/** Leaves out headers that came more than once. The object has no prototype, so `constructor` is a header like any other. */
function singleHeaders(properties: Readonly<Record<string, unknown>> | undefined): Headers {
  if (properties === undefined) return NO_HEADERS;
  for (const name in properties) {
    if (typeof properties[name] !== 'string') return withoutDoubles(properties);
  }
  return properties as Headers;
}

function withoutDoubles(properties: Readonly<Record<string, unknown>>): Headers {
  const headers: Record<string, string> = Object.create(null);
  for (const name in properties) {
    const value = properties[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}
