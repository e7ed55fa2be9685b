import {
  bytes,
  flag,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  required,
  text,
} from '@intersect-sdk/core/internal';

const SEEN_STORE_OPTIONS = {
  /** The folder that it keeps its files in, made if it is not there. It belongs to one service, and one process at a time. */
  folder: required(text()),
  /**
   * How long it remembers a request, in ms. Longer than brokers keep one that comes again: over MQTT that is the service's `keepRequestsMs`.
   * @default 604800000 (7 days)
   */
  keepForMs: ms({ default: 7 * 24 * 3_600_000, max: Number.POSITIVE_INFINITY }),
  /**
   * The largest payload of an answer to keep, in bytes. Of a request with a larger one it remembers that it was finished: it is not run
   * again, and its asker is told that the answer is no longer kept.
   * @default 65536 (64 KiB)
   */
  maxAnswerBytes: bytes({ default: 64 * 1024, min: 0 }),
  /**
   * Wait for the disk at each request. Without it, what was remembered outlives the process, however that ends, but not a loss of power.
   * @default false
   */
  sync: flag({ default: false }),
} satisfies OptionTable;

/** Where and how long requests are remembered. */
export interface SeenStoreOptions extends Named, OptionsOf<typeof SEEN_STORE_OPTIONS> {}

/** Fills in the defaults. Throws ConfigError with every problem. */
export function resolveSeenStoreOptions(input: SeenStoreOptions) {
  return readOptions('The store of seen requests cannot be made', input, (fields) =>
    readTable(fields, SEEN_STORE_OPTIONS),
  );
}
