import { KnownTexts, textAt } from './known-texts.js';
import type { ReceivedPublish } from './received-publish.js';

const DUP = 0x08;
const RETAIN = 0x01;
/** What a message of this protocol has: properties of PUBLISH, MQTT 5 section 3.3.2.3. */
const MESSAGE_EXPIRY = 0x02;
const CONTENT_TYPE = 0x03;
const SUBSCRIPTION_IDENTIFIER = 0x0b;
const USER_PROPERTY = 0x26;

const names = new KnownTexts();
const contentTypes = new KnownTexts();

/** Where one packet stands in the bytes that came. */
export interface PacketPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a PUBLISH that holds what messages of this protocol hold. Undefined for every other one, and for a broken one: what to do with
 * those is left to mqtt.js.
 */
export function readPublish(bytes: Uint8Array, { start, end }: PacketPlace): ReceivedPublish | undefined {
  const flags = bytes[start] as number;
  const qos = (flags >> 1) & 3;
  if (qos > 1 || flags & RETAIN) return undefined;
  const reader = new Reader(bytes, start + 1, end);
  if (reader.variableInteger() !== end - reader.at) return undefined;
  const channel = reader.text();
  const messageId = qos === 1 ? reader.uint16() : undefined;
  const properties = readProperties(reader);
  if (!properties || channel === '' || messageId === 0 || reader.at > end) return undefined;
  const { contentType, headers, identifiers } = properties;
  // A plain view: `slice` and `toString` of Node's own class of bytes differ from every other byte array's.
  const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + reader.at, end - reader.at);
  return {
    message: { channel, payload, contentType, headers },
    messageId,
    redelivered: (flags & DUP) !== 0,
    identifiers,
  };
}

interface Properties {
  readonly contentType: string;
  readonly headers: Record<string, string>;
  readonly identifiers: number | undefined;
}

function readProperties(reader: Reader): Properties | undefined {
  const length = reader.variableInteger();
  const end = reader.at + length;
  if (end > reader.end) return undefined;
  const headers = new Headers() as Record<string, string>;
  let contentType = '';
  let identifiers: number | undefined;
  while (reader.at < end) {
    switch (reader.byte()) {
      case USER_PROPERTY: {
        const name = reader.text(names);
        if (name in headers) return undefined;
        headers[name] = reader.text();
        break;
      }
      case CONTENT_TYPE:
        if (contentType !== '') return undefined;
        contentType = reader.text(contentTypes);
        break;
      case SUBSCRIPTION_IDENTIFIER:
        if (identifiers !== undefined) return undefined;
        identifiers = reader.variableInteger();
        break;
      case MESSAGE_EXPIRY:
        reader.at += 4;
        break;
      default:
        return undefined;
    }
  }
  return reader.at === end ? { contentType, headers, identifiers } : undefined;
}

/** Makes objects without any field of their own or of others, so that `constructor` is a header like any other, and which the engine reads fast. */
const Headers = function Headers() {} as unknown as new () => object;
Headers.prototype = Object.freeze(Object.create(null));

/** Reads from a place on, and beyond the end of the packet without a word: where it got to says so. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte(): number {
    return this.#bytes[this.at++] as number;
  }

  uint16(): number {
    const bytes = this.#bytes;
    return ((bytes[this.at++] as number) << 8) | (bytes[this.at++] as number);
  }

  /** MQTT 5 section 1.5.5. */
  variableInteger(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** A text with its length in front. */
  text(known?: KnownTexts): string {
    const length = this.uint16();
    const from = this.at;
    this.at += length;
    if (this.at > this.end) return '';
    return known ? known.read(this.#bytes, from, this.at) : textAt(this.#bytes, from, this.at);
  }
}
