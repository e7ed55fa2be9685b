import { withClient } from '../connect/with-client.js';
import { durationMs, wholeNumber } from '../frame/duration.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { jsonOf } from '../frame/json.js';
import { type BrokerChoice, withBroker } from '../frame/options.js';
import { UsageError } from '../frame/usage-error.js';

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
        return withClient(options, frame, async ({ client }) => {
          const until = options.for === undefined ? [] : [AbortSignal.timeout(options.for)];
          const enough = AbortSignal.any([frame.surroundings.signal, ...until]);
          const hierarchy = address === '*' ? '*.*.*.*.*' : address;
          const events = client.events({ hierarchy, capabilityName, eventName }, { signal: enough });
          await events.ready;
          frame.output.progress(`Listening to ${event} of ${address}. Ctrl+C stops it.`);
          let left = options.count ?? Number.POSITIVE_INFINITY;
          if (left === 0) return;
          try {
            for await (const each of events) {
              await print(each, frame);
              if (--left <= 0) break;
            }
          } catch (error) {
            // The time that was asked for is over: that is an end, and no fault.
            if (!enough.aborted || frame.surroundings.signal.aborted) throw error;
          }
          frame.surroundings.signal.throwIfAborted();
        });
      });
  },
};

interface PrintedEvent {
  readonly source: string;
  readonly capabilityName: string;
  readonly eventName: string;
  readonly contentType: string;
  readonly payload: unknown;
  readonly headers: { readonly createdAt?: unknown };
}

async function print(event: PrintedEvent, { output }: Frame): Promise<void> {
  const { source, capabilityName, eventName, contentType, payload } = event;
  const name = `${capabilityName}.${eventName}`;
  const isBytes = payload instanceof Uint8Array;
  const value = isBytes ? { base64: Buffer.from(payload).toString('base64') } : { payload };
  const text = isBytes ? `${payload.length} bytes of ${contentType}` : jsonOf(payload);
  await output.result({ source, event: name, contentType, ...value }, `${source} ${name} ${text}\n`);
}
