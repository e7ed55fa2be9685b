import { type DataBody, isBlob, isStream, sha256Of, startSha256 } from '@intersect-sdk/core/internal';

/** Data opened for one try to store or send them. */
export interface OpenedBody {
  readonly body: Uint8Array | ReadableStream<Uint8Array>;
  /** Of the whole, once it was read. */
  sha256(): Promise<string>;
}

/** Data on their way out. What can be read once is opened again as long as nothing of it was read. */
export class OutgoingData {
  /** In bytes, where it is known. */
  readonly size: number | undefined;
  readonly #given: DataBody;
  #once: { readonly reader: ReadableStreamDefaultReader<Uint8Array>; touched: boolean } | undefined;

  constructor(given: DataBody) {
    this.#given = given;
    if (given instanceof Uint8Array) this.size = given.byteLength;
    else if (isBlob(given)) this.size = given.size;
  }

  get mayOpenAgain(): boolean {
    return !this.#once?.touched;
  }

  open(): OpenedBody {
    const given = this.#given;
    if (given instanceof Uint8Array) {
      return { body: given, sha256: () => sha256Of(given) };
    }
    if (isBlob(given)) return hashed(given.stream().getReader());
    this.#once ??= { reader: streamOf(given).getReader(), touched: false };
    const once = this.#once;
    return hashed(once.reader, () => {
      once.touched = true;
    });
  }

  /** Lets go of data that nobody will read any more: a stream is cancelled. */
  async release(reason: unknown): Promise<void> {
    const given = this.#given;
    if (given instanceof Uint8Array || isBlob(given)) return;
    try {
      if (this.#once) await this.#once.reader.cancel(reason);
      else await streamOf(given).cancel(reason);
    } catch {
      // It is the program's own, which knows of its end already.
    }
  }
}

/** The data as they go by. */
function hashed(reader: ReadableStreamDefaultReader<Uint8Array>, onTouched?: () => void): OpenedBody {
  const hash = startSha256();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        onTouched?.();
        const { done, value } = await reader.read();
        if (done) return controller.close();
        hash.update(value);
        controller.enqueue(value);
      },
      // What was read once and not to its end stays open, for the next try or `release`.
      cancel: (reason) => (onTouched ? undefined : reader.cancel(reason)),
    },
    { highWaterMark: 0 },
  );
  return { body, sha256: async () => hash.hex() };
}

function streamOf(given: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  if (isStream(given)) return given;
  const pieces = given[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await pieces.return?.()),
    },
    { highWaterMark: 0 },
  );
}
