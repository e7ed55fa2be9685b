import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Problem } from './problem.js';

const KNOWN = ['npm', 'pnpm', 'yarn', 'bun'];
const AWAY =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED|ECONNRESET|ERR_SOCKET_TIMEOUT/;
// Tried again after 1 s and after 2 s, where npm would wait for a minute and more before it says that there is no network.
const OF_NPM = [
  ...['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'],
  ...['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'],
];
const LAST_WORDS = 2_000;

/** The package manager by which this program was started. */
export function packageManager(userAgent = ''): string {
  const [name = ''] = userAgent.split('/');
  return KNOWN.includes(name) ? name : 'npm';
}

/** Installs the packages of a project. Throws Problem, which says what to do then. */
export async function installPackages(manager: string, { folder, given }: { folder: string; given: string }) {
  const words = manager === 'npm' ? OF_NPM : [];
  const child = spawn(manager, ['install', ...words], {
    cwd: folder,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output = (output + text).slice(-LAST_WORDS);
    });
  }
  const ended: Promise<unknown[]> = once(child, 'close');
  const [code] = await ended.catch((error: Error) => {
    output += error.message;
    return [1];
  });
  if (code === 0) return;
  const why = AWAY.test(output)
    ? 'The package registry could not be reached. Are you online, and is the registry of npm set right (`npm config get registry`)?'
    : `${manager} said:\n${output.trim()}\n`;
  throw new Problem(
    `The project is written, but its packages could not be installed. ${why}\nThen go on with \`${manager} install\` in ${given}.`,
  );
}
