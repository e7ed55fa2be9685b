import { DataError } from '@intersect-sdk/core';
import { startSha256 } from '@intersect-sdk/core/internal';

/** What data must be that come out of a store. */
export interface DataRules {
  /** The data, for the sentence of an error. */
  readonly what: string;
  /** In bytes, where it is known. */
  readonly size: number | undefined;
  /** In lower-case hex, where it is known. */
  readonly sha256: string | undefined;
  /** @default no limit */
  readonly maxBytes: number | undefined;
}

/** How a stream ended: read to its end and right, broken, or left by its reader. */
export type StreamEnd = 'read' | 'failed' | 'cancelled';

/** Data that are checked as they are read. */
export interface CheckedStream {
  readonly stream: ReadableStream<Uint8Array>;
  /** Lets go of data that are not read to their end, also while somebody has a reader of the stream. */
  close(): void;
}

/**
 * The same data, checked as they go by. The stream fails with DATA_CUT, DATA_CORRUPT, DATA_TOO_LARGE, or what it fails with itself; it ends
 * without an error only if the data are complete. Reads no more than it is asked for.
 */
export function checkedStream(
  source: ReadableStream<Uint8Array>,
  rules: DataRules,
  onEnded: (end: StreamEnd) => void,
): CheckedStream {
  const reader = source.getReader();
  const hash = rules.sha256 === undefined ? undefined : startSha256();
  let bytes = 0;
  let isOpen = true;
  const ended = (end: StreamEnd): void => {
    if (!isOpen) return;
    isOpen = false;
    onEnded(end);
  };
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await reader.read();
    if (!done) {
      bytes += value.byteLength;
      hash?.update(value);
      throwIfTooMany(bytes, rules);
      return value;
    }
    throwIfTooFew(bytes, rules);
    if (hash && hash.hex() !== rules.sha256)
      throw corrupt(rules, 'have another checksum than those that were sent');
    return undefined;
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await next();
          if (piece) return controller.enqueue(piece);
          controller.close();
          ended('read');
        } catch (error) {
          ended('failed');
          void reader.cancel(error).catch(() => {});
          controller.error(error);
        }
      },
      cancel(reason) {
        ended('cancelled');
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const close = (): void => {
    if (!isOpen) return;
    ended('cancelled');
    void reader.cancel().catch(() => {});
  };
  return { stream, close };
}

/** Throws DATA_TOO_LARGE for data whose size is known to be over the limit, before anything of them is read. */
export function throwIfTooLarge(size: number | undefined, { what, maxBytes }: DataRules): void {
  if (size === undefined || maxBytes === undefined || size <= maxBytes) return;
  throw tooLarge(`${what} have ${size} bytes`, maxBytes);
}

function throwIfTooMany(bytes: number, rules: DataRules): void {
  const { what, size, maxBytes } = rules;
  if (maxBytes !== undefined && bytes > maxBytes)
    throw tooLarge(`${what} have more bytes than that`, maxBytes);
  if (size !== undefined && bytes > size)
    throw corrupt(rules, `have more than the ${size} bytes that the store told`);
}

function throwIfTooFew(bytes: number, { what, size }: DataRules): void {
  if (size === undefined || bytes >= size) return;
  throw new DataError(
    'DATA_CUT',
    `${what} ended after ${bytes} of ${size} bytes; they are still in the store: read them again.`,
  );
}

function corrupt({ what }: DataRules, fault: string): DataError {
  return new DataError('DATA_CORRUPT', `${what} ${fault}. They were not deleted.`);
}

function tooLarge(what: string, maxBytes: number): DataError {
  const text = `${what}; this program takes ${maxBytes}. Take them as a stream, or raise maxDataBytes.`;
  return new DataError('DATA_TOO_LARGE', text);
}
