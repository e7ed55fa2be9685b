import { withClient } from '../connect/with-client.js';
import type { CommandFile } from '../frame/frame.js';
import { jsonOf } from '../frame/json.js';
import { type BrokerChoice, withBroker, withTimeout } from '../frame/options.js';

interface StatusOptions extends BrokerChoice {
  readonly timeout: number;
}

/** What every service says when it is asked: how long it runs, and how busy its machine is. */
export const status: CommandFile = {
  declare(command, frame) {
    withTimeout(withBroker(command), '10s')
      .argument('<address>', 'the service')
      .action((address: string, { timeout, ...choice }: StatusOptions) =>
        withClient(choice, frame, async ({ client }) => {
          const answer = await client.request(
            { destination: address, operation: 'intersect_sdk.system_capability' },
            { timeoutMs: timeout, signal: frame.surroundings.signal },
          );
          await frame.output.result({ address, status: { intersect_sdk: answer } }, linesOf(answer));
        }),
      );
  },
};

/** A line for each field, so that a person finds it and `grep` does too. */
function linesOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return `${jsonOf(answer)}\n`;
  return Object.entries(answer)
    .map(([name, value]) => `${name}\t${jsonOf(value)}\n`)
    .join('');
}
