import type { Issue } from '@intersect-sdk/core';
import {
  abortSignal,
  count,
  type FieldReader,
  type Named,
  type OptionsOf,
  type OptionTable,
  oneOf,
  type ResolvedOf,
  readNested,
  readTable,
} from '@intersect-sdk/core/internal';

const EVENTS_OPTIONS = {
  /**
   * Ends the stream.
   * @default none
   */
  signal: abortSignal(),
  /**
   * How many events may wait to be read.
   * @default 1000
   */
  bufferSize: count({ default: 1_000 }),
  /**
   * What happens to an event that comes in while the buffer is full: `drop-oldest`, `drop-newest`, or `fail`, which ends the stream with an
   * error. Each one dropped is reported.
   * @default 'drop-oldest'
   */
  overflow: oneOf(['drop-oldest', 'drop-newest', 'fail'], { default: 'drop-oldest' }),
} satisfies OptionTable;

/** How a stream of events buffers what was not read yet. */
export interface EventsOptions extends Named, OptionsOf<typeof EVENTS_OPTIONS> {}
export interface ResolvedEventsOptions extends Named, ResolvedOf<typeof EVENTS_OPTIONS> {}

/** Fills in the defaults; every problem goes to `issues`. */
export function resolveEventsOptions(input: EventsOptions, issues: Issue[]): ResolvedEventsOptions {
  return readNested({ value: input, path: '', issues }, readEventsOptions);
}

/** Reads those among the fields of something that may have others, too. */
export function readEventsOptions(fields: FieldReader): ResolvedEventsOptions {
  return readTable(fields, EVENTS_OPTIONS);
}
