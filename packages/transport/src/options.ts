import {
  bytes,
  count,
  type FieldReader,
  logger,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  type ResolvedOf,
  readOptions,
  readTable,
} from '@intersect-sdk/core/internal';

const SUPERVISOR_OPTIONS = {
  /**
   * Maximum delay before the first reconnect attempt, in ms. It doubles with each attempt. The actual delay is
   * random between 0 and that maximum, so that many programs don't reconnect at the same moment.
   * @default 100
   */
  reconnectMinDelayMs: ms({ default: 100 }),
  /**
   * The delay before a reconnect attempt never exceeds this, in ms.
   * @default 1500
   */
  reconnectMaxDelayMs: ms({ default: 1_500 }),
  /**
   * How many publishes may wait for the connection or for confirmation; one more rejects with PENDING_FULL.
   * @default 20000
   */
  maxPendingMessages: count({ default: 20_000 }),
  /**
   * How many bytes of payload may wait for the connection or for confirmation, in bytes.
   * @default 134217728 (128 MiB)
   */
  maxPendingBytes: bytes({ default: 128 * 1024 * 1024 }),
  /**
   * Gets one line for each change of state and each fault, shaped like pino's.
   * @default silent
   */
  logger: logger(),
} satisfies OptionTable;

/** How `createTransport` supervises a driver; every transport factory accepts these too. */
export interface SupervisorOptions extends Named, OptionsOf<typeof SUPERVISOR_OPTIONS> {}
export interface ResolvedSupervisorOptions extends Named, ResolvedOf<typeof SUPERVISOR_OPTIONS> {}

/** Reads the supervisor's fields; for factories that read their own fields from the same object. */
export function readSupervisorOptions(read: FieldReader): ResolvedSupervisorOptions {
  return readTable(read, SUPERVISOR_OPTIONS);
}

/** Fills in the defaults. Throws `ConfigError` with every problem. */
export function resolveSupervisorOptions(input: SupervisorOptions = {}): ResolvedSupervisorOptions {
  return readOptions('Transport options', input, readSupervisorOptions);
}
