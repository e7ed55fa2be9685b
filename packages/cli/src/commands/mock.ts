import { once } from 'node:events';
import { readServiceSchema } from '@intersect-sdk/schema/document';
import { IntersectService } from '@intersect-sdk/service';
import { connectionFor } from '../connect/connection.js';
import { wholeNumber } from '../frame/duration.js';
import type { CommandFile } from '../frame/frame.js';
import { type BrokerChoice, withBroker } from '../frame/options.js';
import { mockCapabilities } from '../mock/mock-capabilities.js';
import { UsageError } from '../outcome/usage-error.js';
import { readDocument } from '../schemas/read-document.js';

interface MockOptions extends BrokerChoice {
  readonly seed: number;
}

/** A service that has the operations of a schema document, and answers with values that fit it. */
export const mock: CommandFile = {
  declare(command, frame) {
    withBroker(command)
      .argument(
        '<schema>',
        'the file of the schema document, as `intersect schema` prints it; - for standard input',
      )
      .option('--seed <n>', 'another one gives other values, the same one the same values', wholeNumber, 1)
      .action(async (file: string, { seed, ...choice }: MockOptions) => {
        const { output, surroundings } = frame;
        const { signal } = surroundings;
        const description = readServiceSchema(await readDocument(file, surroundings));
        const { address, hierarchy } = description;
        if (!hierarchy) throw new UsageError(`The document's address, ${address}, is not one of five parts`);
        const onAnswer = (operation: string) => output.progress(`Answered ${operation}.`);
        const capabilities = mockCapabilities(description, { seed, onAnswer });
        const { config } = await connectionFor(choice, surroundings);
        const { brokers, dataStores } = config;
        const service = new IntersectService(capabilities, { hierarchy, brokers, dataStores });
        try {
          await service.startup({ signal });
          await output.result({ address, seed }, `${address}\n`);
          output.note('Answers with generated values. Ctrl+C stops it.');
          await Promise.race([service.untilFinished(), signal.aborted || once(signal, 'abort')]);
        } finally {
          await service.shutdown('The mock was stopped.');
        }
        signal.throwIfAborted();
      });
  },
};
