import { fault, malformed, Reason } from './reason.js';

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
    let data = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (;;) {
      const header = readHeader(data);
      this.#needed = header === undefined ? data.length + 1 : header.end;
      if (header === undefined) break;
      if (header.end > this.#maxPacketBytes) {
        throw fault(Reason.packetTooLarge, `A packet of ${header.end} bytes is over the limit`);
      }
      if (header.end > data.length) break;
      const goOn = onFrame(data.subarray(0, header.end), header.bodyStart);
      data = data.subarray(header.end);
      if (!goOn) break;
    }
    this.#held = data.length;
    this.#chunks = data.length === 0 ? [] : [data];
  }
}

/** Where the body of the packet starts and ends, or undefined while its length is not there yet. */
function readHeader(data: Buffer): { readonly bodyStart: number; readonly end: number } | undefined {
  let length = 0;
  for (let index = 1; index <= 4; index++) {
    const byte = data[index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 0x80 ** (index - 1);
    if (byte < 0x80) return { bodyStart: index + 1, end: index + 1 + length };
  }
  throw malformed('The remaining length takes more than four bytes');
}
