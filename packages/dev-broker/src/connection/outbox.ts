import type { Duplex } from 'node:stream';

/** Collects the packets that one turn of the event loop has for a socket, and writes them as one at its end. */
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
    const [first, ...more] = this.#packets;
    this.#packets = [];
    this.#bytes = 0;
    if (first === undefined || !this.#stream.writable) return;
    this.#stream.write(more.length === 0 ? first : Buffer.concat([first, ...more]));
  }
}
