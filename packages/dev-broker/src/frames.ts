import { malformed, ProtocolFault, Reason } from './reason.js';

/** Called with one whole packet and the offset of its body; answers false to leave the rest unread. */
export type FrameHandler = (frame: Buffer, bodyStart: number) => boolean;

/**
 * Cuts a byte stream into MQTT packets. A packet over the limit is refused when its length is read, before
 * its body is held in memory.
 */
export class FrameReader {
  readonly #maxPacketBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #needed = 2;

  constructor(maxPacketBytes: number) {
    this.#maxPacketBytes = maxPacketBytes;
  }

  read(chunk: Buffer, onFrame: FrameHandler): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return;
    const data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#held);
    let at = 0;
    this.#needed = 2;
    while (data.length - at >= 2) {
      const bodyStart = this.#bodyStart(data, at);
      if (bodyStart === undefined) break;
      const end = bodyStart + this.#bodyLength(data, at);
      if (end - at > this.#maxPacketBytes) {
        throw new ProtocolFault(Reason.packetTooLarge, `A packet of ${end - at} bytes is over the limit`);
      }
      if (end > data.length) {
        this.#needed = end - at;
        break;
      }
      const goOn = onFrame(data.subarray(at, end), bodyStart - at);
      at = end;
      if (!goOn) break;
    }
    this.#held = data.length - at;
    this.#chunks = this.#held === 0 ? [] : [data.subarray(at)];
  }

  #bodyStart(data: Buffer, at: number): number | undefined {
    for (let position = at + 1; position <= at + 4; position++) {
      const byte = data[position];
      if (byte === undefined) {
        this.#needed = position + 1 - at;
        return undefined;
      }
      if (byte < 0x80) return position + 1;
    }
    throw malformed('The remaining length takes more than four bytes');
  }

  #bodyLength(data: Buffer, at: number): number {
    let length = 0;
    let multiplier = 1;
    for (let position = at + 1; ; position++) {
      const byte = data[position] ?? 0;
      length += (byte & 0x7f) * multiplier;
      if (byte < 0x80) return length;
      multiplier *= 0x80;
    }
  }
}
