import type { Socket } from 'node:net';

/** Held back beyond this, the sender feels it: nothing more is read. Below, a sender that closes is noticed. */
const HELD_BYTES = 256 * 1024;

/** `null` is the end of the stream. */
interface Chunk {
  readonly bytes: Buffer | null;
  readonly dueAt: number;
}

/** One direction of a proxied connection: passes bytes on in order, late or not at all. */
export class Pump {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #held: Chunk[] = [];
  #heldBytes = 0;
  #stalled = false;
  #timer: NodeJS.Timeout | undefined;
  #passed = 0;
  #ended = false;
  delayMs = 0;
  /** What comes beyond so many bytes is swallowed. */
  limitBytes = Number.POSITIVE_INFINITY;

  constructor(from: Socket, to: Socket, onBytes: (bytes: Buffer) => void) {
    this.#from = from;
    this.#to = to;
    from.on('data', (bytes) => {
      onBytes(bytes);
      const passed = bytes.subarray(0, Math.max(0, this.limitBytes - this.#passed));
      this.#passed += bytes.length;
      if (passed.length > 0) this.#take(passed);
    });
    from.on('end', () => this.end());
    to.on('drain', () => this.#flush());
  }

  set stalled(on: boolean) {
    this.#stalled = on;
    this.#flush();
  }

  /** Passes on what is held, then the end of the stream. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#take(null);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#held.length = 0;
    this.#stalled = true;
  }

  #take(bytes: Buffer | null): void {
    this.#held.push({ bytes, dueAt: performance.now() + this.delayMs });
    this.#heldBytes += bytes?.length ?? 0;
    if (this.#heldBytes > HELD_BYTES) this.#from.pause();
    this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    while (!this.#stalled && !this.#to.writableNeedDrain) {
      const next = this.#held[0];
      if (!next) break;
      const waitMs = next.dueAt - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#flush(), Math.ceil(waitMs));
        break;
      }
      this.#held.shift();
      this.#heldBytes -= next.bytes?.length ?? 0;
      if (next.bytes) this.#to.write(next.bytes);
      else this.#to.end();
    }
    if (this.#heldBytes <= HELD_BYTES && this.#from.isPaused()) this.#from.resume();
  }
}
