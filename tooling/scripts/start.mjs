// Runs a program of an app, in the folder of the app: `npm run service`. Builds it if need be, and where its broker or its data store does
// not answer says how to get one. The second argument is where an app that needs a data store looks for it unless INTERSECT_S3_URL names another.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { run } from './lib/run.mjs';

const [name = '', usualStore] = process.argv.slice(2);
const app = JSON.parse(readFileSync('package.json', 'utf8'));

/** What the program needs; an app without `config` brings its own broker. */
const needs = [];
if ('@intersect-sdk/config' in app.dependencies) {
  needs.push({
    what: 'broker',
    url: process.env.INTERSECT_BROKER_URL ?? 'mqtt://127.0.0.1:1883',
    how: `  npm run broker           the small one, with nothing to install; Ctrl+C ends it
  npm run brokers -- up    RabbitMQ, mosquitto and a data store

INTERSECT_BROKER_URL names another one, e.g. amqp://user:password@host:5672.`,
  });
}
if (usualStore !== undefined) {
  needs.push({
    what: 'data store',
    url: process.env.INTERSECT_S3_URL ?? usualStore,
    how: `  npm run brokers -- up    a data store, RabbitMQ and mosquitto, in place of the small broker

Then, in the terminal of each program:

  export INTERSECT_S3_URL=http://intersect_username:intersect_password@127.0.0.1:7070

INTERSECT_S3_URL can also name another store that speaks S3, e.g. http://user:password@host:9000.`,
  });
}

/** @param {URL} url Without a port its scheme has a usual one, which the program knows; then there is nothing to look at. */
async function answers({ hostname, port }) {
  if (port === '') return true;
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
  const reached = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return reached;
}

if (!(await ensureBuilt([app.name, '@intersect-sdk/dev-broker']))) process.exit(1);
const missing = [];
for (const { what, url, how } of needs) {
  const address = new URL(url);
  if (await answers(address)) continue;
  missing.push(
    `No ${what} answers at ${address.host}. Start one in another terminal, in the root of the repository:\n\n${how}\n`,
  );
}
if (missing.length > 0) {
  process.stderr.write(missing.join('\n'));
  process.exit(1);
}
const cwd = process.cwd();
const { code } = await run(process.execPath, [join(cwd, 'dist', `${name}.js`)], { cwd });
process.exitCode = code;
