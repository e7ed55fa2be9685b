import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { Output } from '../outcome/output.js';
import { UsageError } from '../outcome/usage-error.js';
import { COMMANDS } from './commands.js';
import type { Frame } from './frame.js';
import { helpOfAll } from './help.js';
import type { Surroundings } from './surroundings.js';

const EXIT_USAGE = 1;
const { version: VERSION } = createRequire(import.meta.url)('@intersect-sdk/cli/package.json') as {
  readonly version: string;
};

/** Reads the words after the program's name, does what they say, and resolves with the exit code. Never rejects. */
export async function runProgram(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const words = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const output = new Output(surroundings, { isJson: words.includes('--json') });
  const frame: Frame = { surroundings, output, commands: COMMANDS, commandCalled };
  try {
    if (args.length === 0) throw new UsageError(`Which command?\n\n${helpOfAll()}`);
    const program = await programOf(args, frame);
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return await endOfParsing(error, output);
    const { tellFailure } = await import('../outcome/failure.js');
    return await tellFailure(error, output, surroundings.signal);
  }

  async function commandCalled(name: string): Promise<Command | undefined> {
    const program = await programOf([name], frame);
    return program.commands.find((command) => command.name() === name);
  }
}

/** The program, in which only the command that was called for knows what it takes. */
async function programOf(args: readonly string[], frame: Frame): Promise<Command> {
  const program = emptyProgram(frame.surroundings);
  const wanted = args[0] === 'help' ? args[1] : args[0];
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(sentence(entry.summary));
    if (entry.name === wanted) (await entry.load()).declare(command, frame);
  }
  return program;
}

function emptyProgram({ stdout, stderr, env }: Surroundings): Command {
  return new Command('intersect')
    .description('Asks INTERSECT services, listens to them, and finds what is wrong.')
    .version(VERSION, '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(add --help for what it takes)')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHasColors: () => stdout.isTerminal && !env.NO_COLOR,
      getErrHasColors: () => stderr.isTerminal && !env.NO_COLOR,
    })
    .configureHelp({
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map((argument) => `<${argument.name()}>`)].join(' '),
    });
}

/** Commander ends by an error also where it did what was asked for, such as showing help. */
async function endOfParsing({ exitCode, message }: CommanderError, output: Output): Promise<number> {
  if (exitCode === 0) return 0;
  if (output.isJson) {
    const told = { code: 'USAGE', message: message.replace(/^error: /, ''), exitCode: EXIT_USAGE };
    await output.object({ error: told });
  }
  return EXIT_USAGE;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
