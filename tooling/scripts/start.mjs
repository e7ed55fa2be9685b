// Runs a program of an app, in the folder of the app: `npm run service`. Builds it if need be, and where its broker does not answer says how to get one.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { run } from './lib/run.mjs';

const [name = ''] = process.argv.slice(2);
const app = JSON.parse(readFileSync('package.json', 'utf8'));

/** Where the program looks for its broker; undefined for one that brings its own. */
function brokerUrl() {
  if (!('@intersect-sdk/config' in app.dependencies)) return undefined;
  return new URL(process.env.INTERSECT_BROKER_URL ?? 'mqtt://127.0.0.1:1883');
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
const url = brokerUrl();
if (url && !(await answers(url))) {
  process.stderr.write(`No broker answers at ${url.host}. Start one in another terminal, in the root of the repository:

  npm run broker           the small one, with nothing to install; Ctrl+C ends it
  npm run brokers -- up    RabbitMQ and mosquitto

INTERSECT_BROKER_URL names another one, e.g. amqp://user:password@host:5672.
`);
  process.exit(1);
}
const cwd = process.cwd();
const { code } = await run(process.execPath, [join(cwd, 'dist', `${name}.js`)], { cwd });
process.exitCode = code;
