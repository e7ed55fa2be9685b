import type { Duplex } from 'node:stream';
import type { Memory } from '../broker/memory.js';

/** Collects the packets that one turn of the event loop has for a socket, and writes them as one at its end. */
export class Outbox {
  readonly #stream: Duplex;
  readonly #memory: Memory;
  #packets: Buffer[] = [];
  #bytes = 0;

  constructor(stream: Duplex, memory: Memory) {
    this.#stream = stream;
    this.#memory = memory;
  }

  /** Bytes that the peer hasn't taken yet. */
  get backlogBytes(): number {
    return this.#bytes + this.#stream.writableLength;
  }

  push(packet: Buffer): void {
    if (this.#packets.length === 0) process.nextTick(() => this.flush());
    this.#packets.push(packet);
    this.#bytes += packet.length;
    this.#memory.add(packet.length);
  }

  flush(): void {
    const [first, ...more] = this.#packets;
    const bytes = this.#bytes;
    this.#packets = [];
    this.#bytes = 0;
    const taken = (): void => this.#memory.add(-bytes);
    if (first === undefined || !this.#stream.writable) taken();
    // Called also when the stream ends before it took them.
    else this.#stream.write(more.length === 0 ? first : Buffer.concat([first, ...more]), taken);
  }
}
