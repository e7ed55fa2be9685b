// `npm run dev`: a broker, the compiler, the service, the console, and a call after each change. Ctrl+C ends all of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startDevBroker } from '@intersect-sdk/dev-broker';

const credentials = 'intersect_username:intersect_password@';
const running = new Set();
let ending = false;

const broker = await startBroker();
const INTERSECT_BROKER_URL = broker.url.replace('://', `://${credentials}`);
const pageBroker = broker.webSocketUrl.replace('://', `://${credentials}`);
say('broker', INTERSECT_BROKER_URL);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);

let service;
let turn = 0;
start('types', ['tsc', '--watch', '--preserveWatchOutput'], (line) => {
  if (/Found 0 errors/.test(line)) void compiled();
});
start('console', ['intersect', 'console', '--port', '0', '--broker', INTERSECT_BROKER_URL]);
if (existsSync('index.html')) {
  start('page', ['vite', '--host', '127.0.0.1', '--clearScreen', 'false'], (line) => {
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line) ?? [];
    if (url) say('page', `open ${url}#broker=${encodeURIComponent(pageBroker)}`);
  });
}

/** The usual port, where programs of other languages look first; where it is in use, any free one. */
async function startBroker() {
  try {
    return await startDevBroker({ webSocketPort: 0 });
  } catch {
    say('broker', 'Port 1883 is in use, or must not be used: a free one is taken.');
    return startDevBroker({ port: 0, webSocketPort: 0 });
  }
}

/** Starts the service anew and, once it is ready, asks it. What was compiled meanwhile is next. */
async function compiled() {
  const mine = ++turn;
  if (service) {
    service.kill();
    if (running.has(service)) await once(service, 'close');
  }
  if (mine !== turn || ending) return;
  service = start('service', [process.execPath, 'dist/src/service.js'], (line) => {
    if (/is ready/.test(line) && existsSync('dist/src/client.js'))
      start('client', [process.execPath, 'dist/src/client.js']);
  });
}

/** Runs a program beside this one; each of its lines begins with `name`. */
function start(name, [command, ...args], onLine = () => {}) {
  const shell = process.platform === 'win32' && command !== process.execPath;
  const child = spawn(command, args, {
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, INTERSECT_BROKER_URL, FORCE_COLOR: '0', NO_COLOR: '1' },
  });
  running.add(child);
  child.once('error', (error) => say(name, error.message));
  child.once('close', (code) => {
    running.delete(child);
    if (code && !ending && child !== service) say(name, `ended with ${code}`);
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      if (line.trim()) say(name, line);
      onLine(line);
    });
  }
  return child;
}

function say(name, line) {
  console.log(`${name.padEnd(7)} | ${line}`);
}

async function end() {
  if (ending) return;
  ending = true;
  const ends = [...running].map((child) => once(child, 'close'));
  for (const child of running) child.kill();
  await Promise.all(ends);
  await broker.stop();
  process.exit(0);
}
