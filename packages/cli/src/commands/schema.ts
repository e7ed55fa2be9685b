import { diffSchemas, type SchemaChange, toAsyncApi3 } from '@intersect-sdk/codegen';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker, withTimeout } from '../frame/options.js';
import { EXIT } from '../outcome/exit-codes.js';
import { ExitError } from '../outcome/exit-error.js';
import { UsageError } from '../outcome/usage-error.js';
import { documentOf } from '../schemas/document-of.js';

interface SchemaOptions extends BrokerChoice {
  readonly timeout: number;
  readonly asyncapi3?: boolean;
}

/** The schema document of a service or a file, and what is different between two. */
export const schema: CommandFile = {
  declare(command, frame) {
    withTimeout(withBroker(command), '65s')
      .usage('[options] SOURCE | diff OLDER NEWER')
      .argument(
        '<source>',
        'a service, a file that ends in .json, or - for standard input; `diff` compares two of these',
      )
      .argument('[compared...]')
      .option('--asyncapi3', 'as AsyncAPI 3')
      .addHelpText('after', '\ndiff exits with 1 where a change breaks callers or implementers.')
      .action(async (source: string, compared: readonly string[], options: SchemaOptions) => {
        if (source === 'diff') return diff(compared, options, frame);
        if (compared.length > 0)
          throw new UsageError('Give one source, or: intersect schema diff OLDER NEWER');
        return show(source, options, frame);
      });
  },
};

async function show(source: string, options: SchemaOptions, frame: Frame): Promise<void> {
  const { document, ...about } = await documentOf(source, options, frame);
  const shown = options.asyncapi3 ? toAsyncApi3(document) : document;
  await frame.output.result({ source, ...about, schema: shown }, `${JSON.stringify(shown, null, 2)}\n`);
}

async function diff(sources: readonly string[], options: SchemaOptions, frame: Frame): Promise<void> {
  const [older, newer, ...more] = sources;
  if (older === undefined || newer === undefined || more.length > 0) {
    throw new UsageError('Give two sources: intersect schema diff OLDER NEWER');
  }
  const [before, after] = [await documentOf(older, options, frame), await documentOf(newer, options, frame)];
  const changes = diffSchemas(before.document, after.document);
  const isBreaking = changes.some((change) => change.breaksCallers || change.breaksImplementers);
  await frame.output.result({ isBreaking, changes }, changes.map(textOf).join(''));
  if (isBreaking) throw new ExitError(EXIT.usage);
}

function textOf({ kind, path, message, breaksCallers, breaksImplementers }: SchemaChange): string {
  const broken = [breaksCallers ? 'callers' : '', breaksImplementers ? 'implementers' : ''].filter(
    (each) => each !== '',
  );
  return `${broken.length > 0 ? `BREAKS ${broken.join(' and ')}` : 'fits'}\t${kind}\t${path}\t${message}\n`;
}
