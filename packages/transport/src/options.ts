import type { Issue, Logger } from '@intersect-sdk/core';
import { FieldReader, readLogger, throwConfigError } from '@intersect-sdk/core/internal';

/** How `createTransport` supervises a driver; every transport factory accepts these too. */
export interface SupervisorOptions {
  /**
   * Maximum delay before the first reconnect attempt, in ms. It doubles with each attempt. The actual delay is
   * random between 0 and that maximum, so that many programs don't reconnect at the same moment.
   * @default 100
   */
  readonly reconnectMinDelayMs?: number | undefined;
  /**
   * The delay before a reconnect attempt never exceeds this, in ms.
   * @default 1500
   */
  readonly reconnectMaxDelayMs?: number | undefined;
  /**
   * How many publishes may wait for the connection or for confirmation; one more rejects with PENDING_FULL.
   * @default 20000
   */
  readonly maxPendingMessages?: number | undefined;
  /**
   * How many payload bytes may wait for the connection or for confirmation.
   * @default 134217728
   */
  readonly maxPendingBytes?: number | undefined;
  /** Gets one line for each change of state and each fault. Silent by default. */
  readonly logger?: Logger | undefined;
}

export interface ResolvedSupervisorOptions {
  readonly reconnectMinDelayMs: number;
  readonly reconnectMaxDelayMs: number;
  readonly maxPendingMessages: number;
  readonly maxPendingBytes: number;
  readonly logger: Logger;
}

const SUPERVISOR_DEFAULTS = {
  reconnectMinDelayMs: 100,
  reconnectMaxDelayMs: 1_500,
  maxPendingMessages: 20_000,
  maxPendingBytes: 128 * 1024 * 1024,
} as const;

/** Reads the supervisor's fields; for factories that read their own fields from the same object. */
export function readSupervisorOptions(read: FieldReader): ResolvedSupervisorOptions {
  const d = SUPERVISOR_DEFAULTS;
  const atLeastOne = { min: 1, integer: true } as const;
  return {
    reconnectMinDelayMs: read.number('reconnectMinDelayMs', d.reconnectMinDelayMs, { min: 1 }),
    reconnectMaxDelayMs: read.number('reconnectMaxDelayMs', d.reconnectMaxDelayMs, { min: 1 }),
    maxPendingMessages: read.number('maxPendingMessages', d.maxPendingMessages, atLeastOne),
    maxPendingBytes: read.number('maxPendingBytes', d.maxPendingBytes, atLeastOne),
    logger: readLogger(read),
  };
}

/** Fills in the defaults. Throws `ConfigError` with every problem. */
export function resolveSupervisorOptions(input: SupervisorOptions = {}): ResolvedSupervisorOptions {
  const issues: Issue[] = [];
  const read = new FieldReader(input, issues);
  const resolved = readSupervisorOptions(read);
  read.rejectUnknown();
  throwConfigError('Transport options', issues);
  return resolved;
}
