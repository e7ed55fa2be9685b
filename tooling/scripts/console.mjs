// The console with a small laboratory behind it: the embedded broker, and services of the apps. With --screenshots it takes
// pictures of each page in the folder pictures/console, and ends. With --load it measures the page under many events a second.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { Program } from './lib/program.mjs';
import { root } from './lib/root.mjs';

const deadlineMs = 60_000;
const cli = join(root, 'packages', 'cli', 'dist', 'bin.js');
const apps = ['hello-world', 'counting-events'];
const hardForms = join(root, 'packages', 'cli', 'test', 'fixtures', 'schema-probe.json');

/**
 * Starts the broker and the console, and adds each to `programs` as it starts.
 *
 * @param {Program[]} programs
 * @param {AbortSignal} signal
 * @returns {Promise<{ link: string, env: Record<string, string> }>} The link of the page, and where services find the broker.
 */
async function consoleBefore(programs, signal) {
  const broker = new Program(join(root, 'packages', 'dev-broker', 'dist', 'cli.js'), {
    name: 'broker',
    args: ['--port', '0'],
  });
  programs.push(broker);
  const [, url = ''] = await broker.line(/TCP\s+(mqtt:\S+)/, signal);
  const INTERSECT_BROKER_URL = `mqtt://intersect_username:intersect_password@${new URL(url).host}`;
  const env = { INTERSECT_BROKER_URL };

  // It listens before they say who they are.
  const page = new Program(cli, {
    name: 'console',
    args: ['console', '--port', '0'],
    env,
  });
  programs.push(page);
  const [link] = await page.line(/^http:\S+/, signal);
  return { link, env };
}

/**
 * The same with services.
 *
 * @param {Program[]} programs
 * @param {AbortSignal} signal
 * @returns {Promise<string>} The link of the page.
 */
async function laboratory(programs, signal) {
  const { link, env } = await consoleBefore(programs, signal);
  for (const name of apps) {
    const service = new Program(join(root, 'apps', name, 'dist', 'service.js'), { name, env });
    programs.push(service);
    await service.line(/ready/i, signal);
  }
  const mock = new Program(cli, { name: 'mock', args: ['mock', hardForms], env });
  programs.push(mock);
  await mock.line(/^org-a/, signal);
  return link;
}

/**
 * Shows the console until Ctrl+C, or takes pictures of it.
 *
 * @param {{ screenshots?: boolean }} [options]
 * @returns {Promise<number>} The exit code.
 */
export async function showConsole({ screenshots = false } = {}) {
  const services = apps.map((name) => `@intersect-sdk/app-${name}`);
  if (!(await ensureBuilt(['@intersect-sdk/cli', '@intersect-sdk/dev-broker', ...services]))) return 1;
  /** @type {Program[]} */
  const programs = [];
  try {
    const link = await laboratory(programs, AbortSignal.timeout(deadlineMs));
    if (screenshots) {
      const { takeScreenshots } = await import('./lib/console-screenshots.mjs');
      const folder = join(root, 'pictures', 'console');
      const taken = await takeScreenshots(link, folder);
      process.stdout.write(`${taken} pictures in ${folder}\n`);
      return 0;
    }
    process.stdout.write(
      `The console, with the services of ${apps.join(' and ')} and a mock of one with every kind of form; Ctrl+C ends it:\n\n  ${link}\n\n`,
    );
    await new Promise((resolve) => {
      for (const name of ['SIGINT', 'SIGTERM']) process.once(name, resolve);
    });
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  } finally {
    for (const program of programs.reverse()) await program.stop();
  }
}

/**
 * Measures the page under load, and prints what came of it.
 *
 * @returns {Promise<number>} The exit code: 1 where a target was missed.
 */
async function measureLoad() {
  if (!(await ensureBuilt(['@intersect-sdk/cli', '@intersect-sdk/dev-broker']))) return 1;
  const { measureConsole } = await import('./lib/console-load.mjs');
  /** @type {Program[]} */
  const programs = [];
  try {
    const { link, env } = await consoleBefore(programs, AbortSignal.timeout(deadlineMs));
    return (await measureConsole(link, env.INTERSECT_BROKER_URL ?? '')) ? 0 : 1;
  } finally {
    for (const program of programs.reverse()) await program.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = process.argv.includes('--load')
    ? await measureLoad()
    : await showConsole({ screenshots: process.argv.includes('--screenshots') });
}
