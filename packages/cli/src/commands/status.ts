import { isIntersectError } from '@intersect-sdk/core';
import { withClient } from '../connect/with-client.js';
import type { CommandFile } from '../frame/frame.js';
import { type BrokerChoice, withBroker, withTimeout } from '../frame/options.js';
import { jsonOf } from '../outcome/json.js';

interface StatusOptions extends BrokerChoice {
  readonly timeout: number;
  readonly wait?: boolean;
}

/** What a service says of itself: of its machine at once, of its capabilities where it can be asked for that or tells it. */
export const status: CommandFile = {
  declare(command, frame) {
    withTimeout(withBroker(command), '10s')
      .argument('<address>', 'the service')
      .option(
        '--wait',
        'wait, as long as --timeout says, for what services of other SDKs tell only by themselves',
      )
      .action((address: string, { timeout, wait, ...choice }: StatusOptions) =>
        withClient(choice, frame, async ({ client }) => {
          const { signal } = frame.surroundings;
          const machine = await client.request(
            { destination: address, operation: 'intersect_sdk.system_capability' },
            { timeoutMs: timeout, signal },
          );
          const end = new AbortController();
          const sources = wait ? [] : [{ name: 'end', find: () => end.abort() as undefined }];
          const told = await client
            .describe(address, { timeoutMs: timeout, signal: AbortSignal.any([signal, end.signal]), sources })
            .catch((error: unknown) => {
              signal.throwIfAborted();
              if (!isIntersectError(error) || wait) throw error;
              return undefined;
            });
          const statuses = { ...told?.statuses, intersect_sdk: machine };
          await frame.output.result({ address, statuses, from: told?.from ?? null }, linesOf(statuses));
          if (!told)
            frame.output.note('Only what every service says when it is asked; --wait waits for the rest.');
        }),
      );
  },
};

/** A line for each field, so that a person finds it and `grep` does too. */
function linesOf(statuses: Readonly<Record<string, unknown>>): string {
  return Object.entries(statuses)
    .flatMap(([capability, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([name, field]) => `${capability}.${name}\t${jsonOf(field)}\n`)
        : [`${capability}\t${jsonOf(value)}\n`],
    )
    .join('');
}
