import { joinBytes } from '../join-bytes.js';
import { type PacketPlace, readPublish } from './read-publish.js';
import type { ReceivedPublish } from './received-publish.js';

const PUBLISH = 3;
const PUBACK = 0x40;
/** First byte, length, identifier. */
const SHORTEST_PUBACK = 4;
const MOST_LENGTH_BYTES = 4;

/** What becomes of the packets that come in. */
export interface PacketTakers {
  message(publish: ReceivedPublish): void;
  /** The broker's word on a QoS 1 publish. */
  confirmed(messageId: number, reasonCode: number): void;
  /** One packet or several of every other kind, and what can't be read. */
  other(bytes: Uint8Array): void;
}

/**
 * Takes what comes from the network, reads PUBLISH and PUBACK, which are nearly all of it, and hands on the bytes of everything else in
 * their order. mqtt.js takes each packet through a stream and a turn of its own, which costs several times as much.
 */
export class PacketSplitter {
  readonly #takers: PacketTakers;
  readonly #maxBytes: number;
  /** Pieces of a packet that is not whole yet. */
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** From so many bytes on it is worth a look. */
  #needed = 0;
  /** So many bytes to come are the rest of a packet that is handed on. */
  #leftToHandOn = 0;

  /** `maxBytes`: a larger packet is handed on as it comes. */
  constructor(takers: PacketTakers, maxBytes = Number.POSITIVE_INFINITY) {
    this.#takers = takers;
    this.#maxBytes = maxBytes;
  }

  take(chunk: Uint8Array): void {
    if (this.#held === 0) {
      this.#split(chunk);
      return;
    }
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return;
    const bytes = joinBytes(this.#pieces, this.#held);
    this.#pieces = [];
    this.#held = 0;
    this.#split(bytes);
  }

  #split(bytes: Uint8Array): void {
    const takers = this.#takers;
    const { length } = bytes;
    /** What lies between the two is to be handed on. */
    let others = 0;
    let start = Math.min(length, this.#leftToHandOn);
    this.#leftToHandOn -= start;
    while (start < length) {
      const end = endOf(bytes, start);
      if (end > length) {
        if (end < Number.POSITIVE_INFINITY && !this.#isOurs(bytes, { start, end })) {
          this.#leftToHandOn = end - length;
          start = length;
        }
        this.#needed = end < Number.POSITIVE_INFINITY ? end - start : 0;
        break;
      }
      const publish = this.#publishAt(bytes, { start, end });
      if (publish || isPuback(bytes, { start, end })) {
        if (others < start) takers.other(bytes.subarray(others, start));
        others = end;
        if (publish) takers.message(publish);
        else this.#confirmed(bytes, { start, end });
      }
      start = end;
    }
    if (others < start) takers.other(bytes.subarray(others, start));
    if (start === length) return;
    this.#held = length - start;
    this.#pieces.push(start === 0 ? bytes : bytes.subarray(start));
  }

  #publishAt(bytes: Uint8Array, place: PacketPlace): ReceivedPublish | undefined {
    const { start, end } = place;
    if ((bytes[start] as number) >> 4 !== PUBLISH || end - start > this.#maxBytes) return undefined;
    return readPublish(bytes, place);
  }

  /** Whether it is worth waiting for the rest. What no broker sends is mqtt.js's to judge at once. */
  #isOurs(bytes: Uint8Array, { start, end }: PacketPlace): boolean {
    const kind = bytes[start] as number;
    return kind >> 4 === PUBLISH ? end - start <= this.#maxBytes : kind === PUBACK;
  }

  #confirmed(bytes: Uint8Array, { start, end }: PacketPlace): void {
    const messageId = ((bytes[start + 2] as number) << 8) | (bytes[start + 3] as number);
    // Without a reason it is a success (MQTT 5 section 3.4.2.1).
    this.#takers.confirmed(messageId, end - start > SHORTEST_PUBACK ? (bytes[start + 4] as number) : 0);
  }
}

/** As brokers send it: with a length of one byte. */
function isPuback(bytes: Uint8Array, { start, end }: PacketPlace): boolean {
  return bytes[start] === PUBACK && end - start >= SHORTEST_PUBACK && (bytes[start + 1] as number) < 0x80;
}

/** Where the packet ends that begins here, perhaps beyond what has come; infinity while its length is not there. */
function endOf(bytes: Uint8Array, start: number): number {
  let length = 0;
  for (let index = 1; index <= MOST_LENGTH_BYTES; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return Number.POSITIVE_INFINITY;
    length |= (byte & 0x7f) << (7 * (index - 1));
    if (byte < 0x80) return start + index + 1 + length;
  }
  // No packet is like that: mqtt.js is to say so, and gets all of it.
  return bytes.length;
}
