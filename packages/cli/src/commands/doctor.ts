import { connectionFor } from '../connect/connection.js';
import { MANAGEMENT_HELP } from '../connect/management.js';
import { examine } from '../doctor/examine.js';
import type { Finding, Level } from '../doctor/finding.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker } from '../frame/options.js';
import { EXIT } from '../outcome/exit-codes.js';
import { ExitError } from '../outcome/exit-error.js';

interface DoctorOptions extends BrokerChoice {
  readonly management?: string;
}

const MARKS: Readonly<Record<Level, string>> = {
  ok: 'ok      ',
  note: 'note    ',
  warning: 'WARNING ',
  problem: 'PROBLEM ',
};

/** Findings that mean that nothing could be asked. */
const NO_CONNECTION = new Set(['reachability', 'login', 'tls', 'mqtt-5', 'protocol']);

/** Looks what is wrong, and says for each finding what mends it. */
export const doctor: CommandFile = {
  declare(command, frame) {
    withBroker(command)
      .option('--management <url>', MANAGEMENT_HELP)
      .addHelpText(
        'after',
        '\nExit: 0 no problem (warnings are none), 1 a problem, 2 cannot connect, 130 stopped.',
      )
      .action((options: DoctorOptions) => run(options, frame));
  },
};

async function run({ management, ...choice }: DoctorOptions, frame: Frame): Promise<void> {
  const { output, surroundings } = frame;
  const { signal } = surroundings;
  const { config, from } = await connectionFor(choice, surroundings);
  output.progress(`Looking at the broker that ${from} names.`);
  const findings: Finding[] = [];
  for await (const finding of examine(config, { signal, managementUrl: management })) {
    findings.push(finding);
    if (!output.isJson) await output.result(finding, textOf(finding));
  }
  if (output.isJson) await output.object({ from, findings });
  const problems = findings.filter(({ level }) => level === 'problem');
  if (problems.length === 0) return;
  const isCut = problems.some(({ check }) => NO_CONNECTION.has(check));
  throw new ExitError(isCut ? EXIT.cannotConnect : EXIT.usage);
}

function textOf({ level, text, mend, at }: Finding): string {
  const where = at === undefined ? '' : ` (${at})`;
  return `${MARKS[level]}${text}${where}\n${mend === undefined ? '' : `        -> ${mend}\n`}`;
}
