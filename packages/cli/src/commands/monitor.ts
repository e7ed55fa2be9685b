import { open } from 'node:fs/promises';
import type { WatchedMessage } from '@intersect-sdk/client';
import { withClient } from '../connect/with-client.js';
import { durationMs, wholeNumber } from '../frame/duration.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker } from '../frame/options.js';
import { timeLimit } from '../frame/time-limit.js';
import { filterOf, valuesOf } from '../monitor/filter.js';

interface MonitorOptions extends BrokerChoice {
  readonly filter?: readonly string[];
  readonly record?: string;
  readonly count?: number;
  readonly for?: number;
}

/** How many messages may wait to be printed. */
const BUFFER = 10_000;

/** Prints a line for each message that passes. It never makes the address of an absent service look as if somebody were there. */
export const monitor: CommandFile = {
  declare(command, frame) {
    withBroker(command)
      .option(
        '--filter <name=pattern...>',
        'only messages where this fits: kind, address, source, operation, event or campaign, `*` for anything',
      )
      .option(
        '--record <file>',
        'write whole messages there too, with their payloads, one JSON object on each line',
      )
      .option('--count <n>', 'end after so many messages', wholeNumber)
      .option('--for <time>', 'end after this time', durationMs)
      .action((options: MonitorOptions) => run(options, frame));
  },
};

async function run(options: MonitorOptions, frame: Frame): Promise<void> {
  const filter = filterOf(options.filter ?? []);
  const { surroundings, output } = frame;
  // Payloads can be anything, so that nobody else may read the file.
  const record = options.record === undefined ? undefined : await open(options.record, 'a', 0o600);
  try {
    await withClient(options, frame, async ({ client }) => {
      using limit = timeLimit(options.for, surroundings.signal);
      const enough = limit.signal;
      const messages = client.watchMessages({ bufferSize: BUFFER, signal: enough });
      await messages.ready;
      limit.start();
      output.note('Watching. Ctrl+C stops it.');
      let left = options.count ?? Number.POSITIVE_INFINITY;
      try {
        for await (const message of messages) {
          if (!filter(message)) continue;
          await record?.write(`${JSON.stringify(wholeOf(message))}\n`);
          await print(message, frame);
          if (--left <= 0) break;
        }
      } catch (error) {
        if (!enough.aborted) throw error;
      }
      surroundings.signal.throwIfAborted();
    });
  } finally {
    await record?.close();
  }
}

/** Everything of a message, as it can be sent again. */
function wholeOf({ kind, address, broker, receivedAtMs, message }: WatchedMessage): object {
  const { channel, contentType, headers, payload } = message;
  const base64 = Buffer.from(payload).toString('base64');
  return {
    at: new Date(receivedAtMs).toISOString(),
    kind,
    address,
    broker,
    channel,
    contentType,
    headers,
    base64,
  };
}

async function print(message: WatchedMessage, { output }: Frame): Promise<void> {
  const at = new Date(message.receivedAtMs).toISOString();
  const { kind, source, address, operation, event } = valuesOf(message);
  const { payload, contentType, headers } = message.message;
  const bytes = payload.length;
  const what = operation ?? event ?? headers.lifecycle_type ?? '';
  const failed = headers.has_error === 'true' ? ' ERROR' : '';
  const way = kind === 'request' || kind === 'answer' ? `${source} -> ${address}` : source;
  await output.result(
    { at, kind, source, address, operation: what || null, contentType, bytes, hasError: failed !== '' },
    `${at} ${kind.padEnd(9)} ${way} ${what}${failed} ${bytes} bytes\n`,
  );
}
