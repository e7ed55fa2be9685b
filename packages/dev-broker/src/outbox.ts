import type { Duplex } from 'node:stream';

/** Smaller packets are copied together: one write costs more than the copy. */
const LARGE_BYTES = 16 * 1024;

/** Collects the packets that one turn of the event loop has for a socket and writes them at its end. */
export class Outbox {
  readonly #stream: Duplex;
  #packets: Buffer[] = [];
  #bytes = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** Bytes that the peer hasn't taken yet. */
  get backlogBytes(): number {
    return this.#bytes + this.#stream.writableLength;
  }

  push(packet: Buffer): void {
    if (this.#packets.length === 0) process.nextTick(() => this.flush());
    this.#packets.push(packet);
    this.#bytes += packet.length;
  }

  flush(): void {
    const packets = this.#packets;
    this.#packets = [];
    this.#bytes = 0;
    if (!this.#stream.writable) return;
    this.#stream.cork();
    let small: Buffer[] = [];
    for (const packet of packets) {
      if (packet.length < LARGE_BYTES) {
        small.push(packet);
      } else {
        this.#writeJoined(small);
        small = [];
        this.#stream.write(packet);
      }
    }
    this.#writeJoined(small);
    this.#stream.uncork();
  }

  #writeJoined(packets: readonly Buffer[]): void {
    const [first] = packets;
    if (first !== undefined) this.#stream.write(packets.length === 1 ? first : Buffer.concat(packets));
  }
}
