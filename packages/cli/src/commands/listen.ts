import type { IntersectClient } from '@intersect-sdk/client';
import { decodePayload, isIntersectError } from '@intersect-sdk/core';
import { withClient } from '../connect/with-client.js';
import { durationMs, wholeNumber } from '../frame/duration.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker } from '../frame/options.js';
import { timeLimit } from '../frame/time-limit.js';
import { jsonOf } from '../outcome/json.js';
import { UsageError } from '../outcome/usage-error.js';

interface ListenOptions extends BrokerChoice {
  readonly count?: number;
  readonly for?: number;
}

/** Prints events, one on each line, until there were enough of them, the time is over, or the person stops it. */
export const listen: CommandFile = {
  declare(command, frame) {
    withBroker(command)
      .argument('<address>', "the service, or '*' for all")
      .argument('<event>', 'CAPABILITY.EVENT, or CAPABILITY for all of its events')
      .option('--count <n>', 'end after so many events', wholeNumber)
      .option('--for <time>', 'end after this time', durationMs)
      .action((address: string, event: string, options: ListenOptions) => {
        const [capabilityName = '', eventName = '*', more] = event.split('.');
        if (more !== undefined) throw new UsageError(`'${event}' must be CAPABILITY or CAPABILITY.EVENT`);
        return hear({ address, capabilityName, eventName }, options, frame);
      });
  },
};

interface Wanted {
  readonly address: string;
  readonly capabilityName: string;
  readonly eventName: string;
}

async function hear(wanted: Wanted, options: ListenOptions, frame: Frame): Promise<void> {
  const { signal } = frame.surroundings;
  await withClient(options, frame, async ({ client }) => {
    using limit = timeLimit(options.for, signal);
    const enough = limit.signal;
    const { address, ...event } = wanted;
    const events =
      address === '*'
        ? eventsOfAll(client, enough)
        : client.events({ hierarchy: address, ...event }, { signal: enough });
    await events.ready;
    limit.start();
    frame.output.progress(
      `Listening to ${wanted.capabilityName}.${wanted.eventName} of ${address}. Ctrl+C stops it.`,
    );
    let left = options.count ?? Number.POSITIVE_INFINITY;
    try {
      for await (const each of events) {
        if (!isWanted(each, wanted)) continue;
        await print(each, frame);
        if (--left <= 0) break;
      }
    } catch (error) {
      // The time that was asked for is over: that is an end, and no fault.
      if (!enough.aborted) throw error;
    }
    signal.throwIfAborted();
  });
}

function isWanted({ capabilityName, eventName }: PrintedEvent, wanted: Wanted): boolean {
  return (
    capabilityName === wanted.capabilityName && (wanted.eventName === '*' || eventName === wanted.eventName)
  );
}

/** The events of all services. Nobody has checked them, so that what is not as it should be is passed over. */
function eventsOfAll(client: IntersectClient, signal: AbortSignal) {
  const messages = client.watchMessages({ kinds: ['event'], signal });
  return {
    ready: messages.ready,
    async *[Symbol.asyncIterator](): AsyncGenerator<PrintedEvent> {
      for await (const { message } of messages) {
        const { source, capability_name: capabilityName, event_name: eventName } = message.headers;
        if (source === undefined || capabilityName === undefined || eventName === undefined) continue;
        const { contentType } = message;
        try {
          const payload = decodePayload(message.payload, contentType, { integers: 'bigint' });
          yield { source, capabilityName, eventName, contentType, payload };
        } catch (error) {
          if (!isIntersectError(error)) throw error;
        }
      }
    },
  };
}

interface PrintedEvent {
  readonly source: string;
  readonly capabilityName: string;
  readonly eventName: string;
  readonly contentType: string;
  readonly payload: unknown;
}

async function print(event: PrintedEvent, { output }: Frame): Promise<void> {
  const { source, capabilityName, eventName, contentType, payload } = event;
  const name = `${capabilityName}.${eventName}`;
  const isBytes = payload instanceof Uint8Array;
  const value = isBytes ? { base64: Buffer.from(payload).toString('base64') } : { payload };
  const text = isBytes ? `${payload.length} bytes of ${contentType}` : jsonOf(payload);
  await output.result({ source, event: name, contentType, ...value }, `${source} ${name} ${text}\n`);
}
