// The embedded broker, the hello-world service and the hello-world client as three processes; with --console the console before services.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { Program } from './lib/program.mjs';
import { root } from './lib/root.mjs';

const greeting = 'Hello, hello_client!';
const deadlineMs = 60_000;
const helloWorld = join(root, 'apps', 'hello-world');

/** @param {string} name */
const shownAs = (name) => (/** @type {string} */ line) => process.stdout.write(`  ${name} | ${line}\n`);

/**
 * @param {Program[]} programs Those that run; each is added as it starts.
 * @param {AbortSignal} signal
 */
async function greet(programs, signal) {
  const broker = new Program(join(root, 'packages', 'dev-broker', 'dist', 'cli.js'), {
    name: 'broker',
    args: ['--port', '0'],
  });
  programs.push(broker);
  const [, url = ''] = await broker.line(/TCP\s+(mqtt:\S+)/, signal);
  shownAs('broker')(`listens on ${url}`);
  const { host } = new URL(url);
  const env = { INTERSECT_BROKER_URL: `mqtt://intersect_username:intersect_password@${host}` };

  const service = new Program(join(helloWorld, 'dist', 'service.js'), {
    name: 'service',
    env,
    show: shownAs('service'),
  });
  programs.push(service);
  await service.line(/ready/i, signal);

  const client = new Program(join(helloWorld, 'dist', 'client.js'), {
    name: 'client',
    env,
    show: (line) => process.stdout.write(`${line}\n`),
  });
  programs.push(client);
  await client.line(new RegExp(greeting), signal);
  const code = await client.ended;
  if (code !== 0) throw new Error(`The client greeted, but ended with exit code ${code}.`);
}

async function main() {
  const built = await ensureBuilt(['@intersect-sdk/app-hello-world', '@intersect-sdk/dev-broker']);
  if (!built) return 1;
  /** @type {Program[]} */
  const programs = [];
  try {
    await greet(programs, AbortSignal.timeout(deadlineMs));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  } finally {
    for (const program of programs.reverse()) await program.stop();
  }
}

if (process.argv.includes('--console')) {
  const { showConsole } = await import('./console.mjs');
  process.exitCode = await showConsole();
} else {
  process.exitCode = await main();
}
