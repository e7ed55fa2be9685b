#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { HELP, readCommandLine } from './command-line.js';
import { installPackages, packageManager } from './install.js';
import { Problem } from './problem.js';
import { writeProject } from './write-project.js';

const places = {
  templates: fileURLToPath(new URL('./templates/', import.meta.url)),
  own: fileURLToPath(new URL('../package.json', import.meta.url)),
};

async function main(): Promise<void> {
  const wanted = readCommandLine(process.argv.slice(2), process.cwd());
  if (!wanted) {
    process.stdout.write(HELP);
    return;
  }
  const { given, template, install } = wanted;
  writeProject(wanted, places);
  process.stdout.write(`Made ${given} from the template ${template}.\n`);
  const manager = packageManager(process.env.npm_config_user_agent);
  if (install) {
    process.stdout.write('Its packages are being installed ...\n');
    await installPackages(manager, wanted);
  }
  const steps = [
    ...(given === '.' ? [] : [`cd ${given}`]),
    ...(install ? [] : [`${manager} install`]),
    `${manager} run dev`,
  ];
  process.stdout.write(`\nNow:\n\n${steps.map((step) => `  ${step}\n`).join('')}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
