import type { Duplex } from 'node:stream';

/** Up to this size the packets of one turn are copied together: one write costs more than the copy. */
const JOIN_BYTES = 64 * 1024;

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
    const bytes = this.#bytes;
    if (packets.length === 0) return;
    this.#packets = [];
    this.#bytes = 0;
    if (!this.#stream.writable) return;
    const [only] = packets;
    if (packets.length === 1 && only !== undefined) {
      this.#stream.write(only);
    } else if (bytes <= JOIN_BYTES) {
      this.#stream.write(Buffer.concat(packets, bytes));
    } else {
      this.#stream.cork();
      for (const packet of packets) this.#stream.write(packet);
      this.#stream.uncork();
    }
  }
}
