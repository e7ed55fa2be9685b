import { withClient } from '../connect/with-client.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker, withTimeout } from '../frame/options.js';
import { Schemas } from '../schemas/find-schema.js';
import { isFileName, readDocument } from '../schemas/read-document.js';

interface SchemaOptions extends BrokerChoice {
  readonly timeout: number;
}

/** The schema document of a service, or of a file. */
export const schema: CommandFile = {
  declare(command, frame) {
    withTimeout(withBroker(command), '65s')
      .argument('<source>', 'a service, a file that ends in .json, or - for standard input')
      .action(async (source: string, options: SchemaOptions) => {
        const { document, ...about } = await documentOf(source, options, frame);
        await frame.output.result(
          { source, ...about, schema: document },
          `${JSON.stringify(document, null, 2)}\n`,
        );
      });
  },
};

/** A schema document, from wherever the word leads. */
async function documentOf(
  source: string,
  { timeout, ...choice }: SchemaOptions,
  frame: Frame,
): Promise<{ readonly document: unknown; readonly from: string; readonly seenAt?: string }> {
  const { surroundings, output } = frame;
  if (isFileName(source)) return { document: await readDocument(source, surroundings), from: 'file' };
  return withClient(choice, frame, async ({ client, config }) => {
    output.progress(
      'A service of another SDK tells its schema when it starts, and then every five minutes or so.',
    );
    const { document, from, seenAt } = await new Schemas({ client, config, surroundings }).wait(
      source,
      timeout,
    );
    return { document, from, seenAt: seenAt.toISOString() };
  });
}
