import type { LiveRequest } from './live-request.js';

/** How long the last items of a stream are kept after its answer, for a reader that misses some, and how much of all streams. */
const LEFT_FOR_MS = 60_000;
const LEFT_BYTES = 16 * 1024 * 1024;
const LEFT_STREAMS = 10_000;

interface Left {
  readonly untilMs: number;
  bytes: number;
}

/** Streams that were answered and whose readers may still miss items: the newest, bounded in time, number and bytes. */
export class LeftStreams {
  /** The oldest first, which is also the first to go. */
  readonly #left = new Map<LiveRequest, Left>();
  readonly #onDropped: (request: LiveRequest) => void;
  #bytes = 0;

  /** `onDropped` is called with each that is kept no more. */
  constructor(onDropped: (request: LiveRequest) => void) {
    this.#onDropped = onDropped;
  }

  get size(): number {
    return this.#left.size;
  }

  /** Keeps it while its reader may want something of it. */
  add(request: LiveRequest): void {
    this.#left.set(request, { untilMs: performance.now() + LEFT_FOR_MS, bytes: 0 });
    this.read(request);
    this.dropOld();
  }

  /** Its reader has read on. One that is not kept changes nothing. */
  read(request: LiveRequest): void {
    const left = this.#left.get(request);
    if (!left) return;
    const bytes = request.items?.keptBytes ?? 0;
    this.#bytes += bytes - left.bytes;
    left.bytes = bytes;
    if (bytes === 0) this.#drop(request, left);
  }

  /** Drops what is kept too long, and the oldest of what is too much. */
  dropOld(): void {
    const now = performance.now();
    for (const [request, left] of this.#left) {
      const isTooMuch = this.#bytes > LEFT_BYTES || this.#left.size > LEFT_STREAMS;
      if (!isTooMuch && left.untilMs > now) return;
      this.#drop(request, left);
    }
  }

  #drop(request: LiveRequest, { bytes }: Left): void {
    this.#bytes -= bytes;
    this.#left.delete(request);
    this.#onDropped(request);
  }
}
