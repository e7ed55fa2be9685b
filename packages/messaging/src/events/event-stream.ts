import { BufferedStream, type BufferedStreamOptions } from './buffered-stream.js';
import type { EventMessage } from './event-listening.js';

export type EventStreamOptions = Omit<BufferedStreamOptions<EventMessage>, 'what'>;

/**
 * Events as an async iterable: `for await (const event of stream)`. Listening begins at once, so nothing
 * after `await stream.ready` is missed. Leaving the loop, `stop()`, `await using` and the signal all end
 * it.
 */
export class EventStream extends BufferedStream<EventMessage> {
  constructor(options: EventStreamOptions) {
    super({ what: 'events', ...options });
  }
}
