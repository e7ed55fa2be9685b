import { writeFile } from 'node:fs/promises';
import { checkContract, generateContract } from '@intersect-sdk/codegen';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker, withTimeout } from '../frame/options.js';
import { EXIT } from '../outcome/exit-codes.js';
import { ExitError } from '../outcome/exit-error.js';
import { UsageError } from '../outcome/usage-error.js';
import { documentOf } from '../schemas/document-of.js';

interface CodegenOptions extends BrokerChoice {
  readonly timeout: number;
  readonly output: string;
  readonly check?: boolean;
  readonly statusName?: readonly string[];
}

/** The contract of a service as a TypeScript module, or whether a module is still that. */
export const codegen: CommandFile = {
  declare(command, frame) {
    withTimeout(withBroker(command), '65s')
      .argument('<source>', 'a service, a file that ends in .json, or - for standard input')
      .requiredOption('-o, --output <file>', 'the module to write')
      .option('--check', 'write nothing; exit with 1 where the module is not what would be written')
      .option(
        '--status-name <capability=function...>',
        'the function that gives the status, which a document does not say',
      )
      .action((source: string, options: CodegenOptions) => run(source, options, frame));
  },
};

async function run(source: string, options: CodegenOptions, frame: Frame): Promise<void> {
  const { output: file, check } = options;
  const { output } = frame;
  const generating = { statusNames: statusNamesOf(options.statusName ?? []) };
  const { document } = await documentOf(source, options, frame);
  if (!check) {
    const text = generateContract(document, generating);
    await writeFile(file, text);
    await output.result({ source, file, lines: text.split('\n').length - 1 }, '');
    output.note(`${file} is written.`);
    return;
  }
  const state = await checkContract(file, document, generating);
  if (state.isCurrent) {
    await output.result({ source, file, isCurrent: true }, '');
    return;
  }
  const { reason, line } = state;
  await output.result({ source, file, isCurrent: false, reason, line: line ?? null }, '');
  const what = reason === 'missing' ? `${file} is not there` : `${file} differs from line ${line} on`;
  output.fault(`${what}. Make it anew: intersect codegen ${source} -o ${file}`);
  throw new ExitError(EXIT.usage);
}

function statusNamesOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, capability, name] = /^(\w+)=(\w+)$/.exec(text) ?? [];
      if (capability === undefined || name === undefined)
        throw new UsageError(`'${text}' is not CAPABILITY=FUNCTION`);
      return [capability, name];
    }),
  );
}
