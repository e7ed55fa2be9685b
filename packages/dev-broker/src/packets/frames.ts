import { fault, malformed, Reason } from './reason.js';

/**
 * Cuts a byte stream into MQTT packets. A packet over the limit is refused when its length is read, before
 * its body is held in memory.
 */
export class FrameReader {
  /** The size of a packet, in bytes; can be changed between two packets. */
  maxPacketBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #needed = 0;

  constructor(maxPacketBytes: number) {
    this.maxPacketBytes = maxPacketBytes;
  }

  /** How many bytes of a packet wait for the rest of it. */
  get heldBytes(): number {
    return this.#held;
  }

  /** The packets that this chunk completes. */
  *read(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return;
    let data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (;;) {
      this.#needed = packetBytes(data);
      if (this.#needed > this.maxPacketBytes) {
        throw fault(Reason.packetTooLarge, `A packet of ${this.#needed} bytes is over the limit`);
      }
      if (this.#needed > data.length) break;
      yield data.subarray(0, this.#needed);
      data = data.subarray(this.#needed);
    }
    this.#held = data.length;
    this.#chunks = data.length === 0 ? [] : [data];
  }
}

/** The size of the packet that begins here; one byte more than there are, while its length isn't there yet. */
function packetBytes(data: Buffer): number {
  let length = 0;
  for (let index = 1; index <= 4; index++) {
    const byte = data[index];
    if (byte === undefined) return data.length + 1;
    length += (byte & 0x7f) * 0x80 ** (index - 1);
    if (byte < 0x80) return index + 1 + length;
  }
  throw malformed('The remaining length takes more than four bytes');
}
