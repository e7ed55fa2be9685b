import { withClient } from '../connect/with-client.js';
import type { CommandFile } from '../frame/frame.js';
import { type BrokerChoice, withBroker, withTimeout } from '../frame/options.js';
import { EXIT } from '../outcome/exit-codes.js';
import { ExitError } from '../outcome/exit-error.js';

interface PingOptions extends BrokerChoice {
  readonly timeout: number;
}

const EXIT_OF_STATE = { up: EXIT.answered, silent: EXIT.timeout, absent: EXIT.noSuchService } as const;

/** Whether a service is there. */
export const ping: CommandFile = {
  declare(command, frame) {
    withTimeout(withBroker(command), '2s')
      .argument('<address>', 'the service')
      .addHelpText(
        'after',
        '\nup (exit 0): it answered. silent (4): busy, or gone while its queue is still there. absent (3): the broker knows nobody there.',
      )
      .action((address: string, { timeout, ...choice }: PingOptions) =>
        withClient(choice, frame, async ({ client }) => {
          const { signal } = frame.surroundings;
          const pinged = await client.ping(address, { timeoutMs: timeout, signal });
          const after = pinged.state === 'up' ? `\t${Math.round(pinged.roundTripMs)} ms` : '';
          await frame.output.result(pinged, `${pinged.state}${after}\n`);
          const exit = EXIT_OF_STATE[pinged.state];
          if (exit !== EXIT.answered) throw new ExitError(exit);
        }),
      );
  },
};
