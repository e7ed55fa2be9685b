import {
  flag,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  text,
} from '@intersect-sdk/core/internal';

const SHUTDOWN_OPTIONS = {
  /**
   * Why it ends: a service tells it in its last lifecycle message.
   * @default none
   */
  reason: text({ minLength: 0 }),
  /**
   * Remove what brokers keep for a service while it is away: its queues of requests, answers and events, or over MQTT its sessions, with what
   * waits in them. What another program uses as well stays, and is reported. A client leaves nothing either way.
   * @default false
   */
  forget: flag({ default: false }),
} satisfies OptionTable;

/** How a client or service is ended. */
export interface ShutdownOptions extends Named, OptionsOf<typeof SHUTDOWN_OPTIONS> {}

/** A text alone is the reason. Throws ConfigError. */
export function readShutdownOptions(given: string | ShutdownOptions | undefined): ShutdownOptions {
  if (given === undefined || typeof given === 'string') return { reason: given };
  return readOptions('It cannot be shut down', given, (fields) => readTable(fields, SHUTDOWN_OPTIONS));
}
