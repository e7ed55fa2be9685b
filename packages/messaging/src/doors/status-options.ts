import {
  abortSignal,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
} from '@intersect-sdk/core/internal';
import { type CheckOptions, readCheckMode } from './check-mode.js';
import type { DoorPlace } from './door-environment.js';

const STATUS_OPTIONS = {
  /**
   * How long to wait for the first status that the service tells, in ms.
   * @default the `requestTimeoutMs` of the client or service, 300000 if it says none
   */
  timeoutMs: ms(),
  /**
   * Ends the wait with ABORTED.
   * @default none
   */
  signal: abortSignal(),
} satisfies OptionTable;

/** How to wait for a status that a service tells by itself. */
export interface StatusOptions extends Named, OptionsOf<typeof STATUS_OPTIONS>, CheckOptions {}

/** Fills in what the client or service says. Throws ConfigError with every problem. */
export function resolveStatusOptions(input: unknown, place: DoorPlace) {
  return readOptions(`The status of ${place.name} cannot be waited for`, input, (fields) => {
    const { timeoutMs = place.timeoutMs, signal } = readTable(fields, STATUS_OPTIONS);
    return { check: readCheckMode(fields, place.check), timeoutMs, signal };
  });
}
