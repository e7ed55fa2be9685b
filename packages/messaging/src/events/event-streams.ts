import { MessageError } from '@intersect-sdk/core';
import type { EventParams } from '../ask/parameters.js';
import { type EventMessage, type ListenOptions, listenToEvents } from './event-listening.js';
import { EventStream } from './event-stream.js';
import type { ResolvedEventsOptions } from './events-options.js';

/** The streams of events that a client or service has open, from a startup to the shutdown that follows. */
export class EventStreams {
  readonly #options: ListenOptions;
  readonly #streams = new Set<EventStream>();
  /** From now on what the brokers keep goes with the connection. */
  #ending = false;

  constructor(options: ListenOptions) {
    this.#options = options;
  }

  open(params: EventParams, options: ResolvedEventsOptions): EventStream {
    const stream: EventStream = new EventStream({
      ...options,
      listen: async (handler, signal) => {
        const subscription = await listenToEvents(params, handler, { ...this.#options, signal });
        return async () => {
          if (!this.#ending) await subscription.unsubscribe();
        };
      },
      onDropped: (event) => this.#reportDropped(event),
      onEnded: () => this.#streams.delete(stream),
    });
    this.#streams.add(stream);
    return stream;
  }

  /** Ends every stream, as part of the end of the connection. */
  end(): void {
    this.#ending = true;
    for (const stream of [...this.#streams]) void stream.stop();
  }

  /** Ends every stream with the error. */
  fail(error: Error): void {
    for (const stream of [...this.#streams]) void stream.fail(error);
  }

  #reportDropped({ source, capabilityName, eventName, headers }: EventMessage): void {
    const what = `${capabilityName}.${eventName} of ${source}`;
    const text = `The event ${what} was dropped: its reader is slower than events come in.`;
    this.#options.observers.report({
      kind: 'event-dropped',
      capability: capabilityName,
      event: eventName,
      source,
      messageId: headers.messageId,
      error: new MessageError('EVENTS_OVERFLOWED', text),
    });
  }
}
