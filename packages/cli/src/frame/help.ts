import { COMMANDS } from './commands.js';

const CALLS_FOR_HELP = new Set(['--help', '-h', 'help']);

/** Whether the list of all commands is asked for, and nothing else. */
export function isCallForHelp(args: readonly string[]): boolean {
  return args.length === 1 && CALLS_FOR_HELP.has(args[0] ?? '');
}

/** The list of all commands. It needs none of their files and no parser, so that it is there at once. */
export function helpOfAll(): string {
  const terms = COMMANDS.map(({ name, takes, summary }) => ({ term: `${name} ${takes}`.trimEnd(), summary }));
  const width = Math.max(...terms.map(({ term }) => term.length));
  const lines = terms.map(({ term, summary }) => `  ${term.padEnd(width)}  ${summary}`);
  return `Usage: intersect COMMAND ...

Asks INTERSECT services, listens to them, and finds what is wrong.

Commands:
${lines.join('\n')}

\`intersect COMMAND --help\` says what a command takes. \`intersect --version\` prints the version.
`;
}
