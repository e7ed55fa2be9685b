import type { Issue } from '@intersect-sdk/core';
import { FieldReader } from '@intersect-sdk/core/internal';
import type { Overflow } from './event-stream.js';

/** How a stream of events buffers what was not read yet. */
export interface EventsOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How many events may wait to be read.
   * @default 1000
   */
  readonly bufferSize?: number | undefined;
  /**
   * What happens to an event that comes in while the buffer is full; each one dropped is reported.
   * @default 'drop-oldest'
   */
  readonly overflow?: Overflow | undefined;
}

export interface ResolvedEventsOptions {
  readonly signal: AbortSignal | undefined;
  readonly bufferSize: number;
  readonly overflow: Overflow;
}

/** Fills in the defaults; every problem goes to `issues`. */
export function resolveEventsOptions(input: EventsOptions, issues: Issue[]): ResolvedEventsOptions {
  const read = new FieldReader(input, issues);
  const resolved = readEventsOptions(read);
  read.rejectUnknown();
  return resolved;
}

/** Reads those among the fields of something that may have others, too. */
export function readEventsOptions(read: FieldReader): ResolvedEventsOptions {
  return {
    signal: read.signal('signal'),
    bufferSize: read.number('bufferSize', 1_000, { min: 1, integer: true }),
    overflow: read.text('overflow', 'drop-oldest', {
      oneOf: ['drop-oldest', 'drop-newest', 'fail'],
    }) as Overflow,
  };
}
