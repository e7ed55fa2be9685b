import { withClient } from '../connect/with-client.js';
import type { Frame } from '../frame/frame.js';
import type { BrokerChoice } from '../frame/options.js';
import { Schemas } from './find-schema.js';
import { isFileName, readDocument } from './read-document.js';

/** A schema document, and where it was found. */
export interface ReadSource {
  readonly document: unknown;
  readonly from: string;
  readonly seenAt?: string;
}

/** The schema document that a word leads to: a file, standard input, or a service, which is waited for. */
export async function documentOf(
  source: string,
  { timeout, ...choice }: BrokerChoice & { readonly timeout: number },
  frame: Frame,
): Promise<ReadSource> {
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
