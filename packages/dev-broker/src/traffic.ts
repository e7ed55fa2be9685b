import type { Logger } from '@intersect-sdk/core';
import { ByteReader } from './bytes.js';
import { Property } from './decode-publish.js';
import type { Message, QoS } from './message.js';

/** A message as a client sent it (`published`) or got it (`delivered`). */
export interface MessageTraffic {
  readonly type: 'published' | 'delivered';
  readonly clientId: string;
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  /** True when the message was sent before and is sent again. */
  readonly dup: boolean;
  readonly contentType: string | undefined;
  /** The user properties in their order; a key can come more than once. */
  readonly headers: readonly (readonly [key: string, value: string])[];
  readonly payloadBytes: number;
  /** Only for listeners that asked for payloads. */
  readonly payload?: Uint8Array;
}

/** What passes through the broker. */
export type TrafficEvent =
  | MessageTraffic
  | {
      readonly type: 'connected';
      readonly clientId: string;
      readonly transport: 'tcp' | 'websocket';
      readonly remoteAddress: string;
    }
  | {
      readonly type: 'disconnected';
      readonly clientId: string;
      /** The MQTT reason code of whoever ended it; undefined when the connection was lost. */
      readonly reasonCode: number | undefined;
    }
  | { readonly type: 'subscribed'; readonly clientId: string; readonly filter: string; readonly qos: QoS }
  | { readonly type: 'unsubscribed'; readonly clientId: string; readonly filter: string };

export type TrafficListener = (event: TrafficEvent) => void;

export interface TrafficOptions {
  /** Whether message events carry the payload. @default false */
  readonly payloads?: boolean;
}

interface Sent {
  readonly message: Message;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
}

/** Who wants to see what passes. A listener that throws is logged and harms nobody. */
export class Traffic {
  readonly #listeners = new Set<{ readonly listener: TrafficListener; readonly payloads: boolean }>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  listen(listener: TrafficListener, { payloads = false }: TrafficOptions = {}): () => void {
    const entry = { listener, payloads };
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  emit(event: TrafficEvent): void {
    for (const { listener } of this.#listeners) this.#call(listener, event);
  }

  message(type: MessageTraffic['type'], clientId: string, sent: Sent): void {
    if (this.#listeners.size === 0) return;
    const { message, qos, retain, dup } = sent;
    const { topic, payload, properties } = message;
    const header = { type, clientId, topic, qos, retain, dup, ...describe(properties) };
    const event = { ...header, payloadBytes: payload.length };
    for (const { listener, payloads } of this.#listeners) {
      this.#call(listener, payloads ? { ...event, payload: Uint8Array.from(payload) } : event);
    }
  }

  #call(listener: TrafficListener, event: TrafficEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#logger.error({ error }, 'a traffic listener threw');
    }
  }
}

/** Reads properties that the decoder has checked. */
function describe(properties: Buffer): Pick<MessageTraffic, 'contentType' | 'headers'> {
  const reader = new ByteReader(properties);
  const headers: [string, string][] = [];
  let contentType: string | undefined;
  while (reader.at < properties.length) {
    const id = reader.byte();
    if (id === Property.userProperty) headers.push([reader.text(), reader.text()]);
    else if (id === Property.contentType) contentType = reader.text();
    else if (id === Property.payloadFormat) reader.byte();
    else reader.binary();
  }
  return { contentType, headers };
}
