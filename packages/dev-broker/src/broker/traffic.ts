import type { Logger } from '@intersect-sdk/core';
import { ByteReader } from '../packets/bytes.js';
import { Property } from '../packets/decode-publish.js';
import type { Message, QoS } from '../packets/message.js';

/** A client that is connected now. */
export interface DevBrokerConnection {
  readonly clientId: string;
  readonly transport: 'tcp' | 'websocket';
  readonly remoteAddress: string;
}

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
  /** A copy of the payload, made when it is asked for. */
  payload(): Uint8Array;
}

/** What passes through the broker. */
export type TrafficEvent =
  | MessageTraffic
  | ({ readonly type: 'connected' } & DevBrokerConnection)
  /** With the MQTT reason code of whoever ended it; undefined when the connection was lost. */
  | { readonly type: 'disconnected'; readonly clientId: string; readonly reasonCode: number | undefined }
  | { readonly type: 'subscribed'; readonly clientId: string; readonly filter: string; readonly qos: QoS }
  | { readonly type: 'unsubscribed'; readonly clientId: string; readonly filter: string };

export type TrafficListener = (event: TrafficEvent) => void;

type Sent = Pick<MessageTraffic, 'qos' | 'retain' | 'dup'> & { readonly message: Message };

/** The listeners to the broker's traffic. Exceptions thrown by a listener are logged and ignored. */
export class Traffic {
  readonly #listeners = new Set<TrafficListener>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  listen(listener: TrafficListener): () => void {
    const own: TrafficListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  emit(event: TrafficEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error({ error }, 'a traffic listener threw');
      }
    }
  }

  message(type: MessageTraffic['type'], clientId: string, { message, qos, retain, dup }: Sent): void {
    if (this.#listeners.size === 0) return;
    const { topic, payload, properties } = message;
    const header = { type, clientId, topic, qos, retain, dup, ...describe(properties) };
    this.emit({ ...header, payloadBytes: payload.length, payload: () => Uint8Array.from(payload) });
  }
}

/** Reads properties that the decoder has checked. */
function describe(properties: Buffer): Pick<MessageTraffic, 'contentType' | 'headers'> {
  const reader = new ByteReader(properties);
  const headers: [string, string][] = [];
  let contentType: string | undefined;
  while (reader.at < properties.length) {
    const id = reader.byte();
    if (id === Property.userProperty) headers.push(reader.pair());
    else if (id === Property.contentType) contentType = reader.text();
    else if (id === Property.payloadFormat) reader.byte();
    else reader.binary();
  }
  return { contentType, headers };
}
