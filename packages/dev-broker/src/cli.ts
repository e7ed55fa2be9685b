#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startDevBroker } from './index.js';

const HELP = `intersect-broker: an MQTT 5 broker for development and tests. In production use RabbitMQ.

  --host <address>            where to listen (default 127.0.0.1: this machine only)
  --port <number>             MQTT over TCP (default 1883, 0 = any free port)
  --websocket-port <number>   MQTT over WebSocket too (0 = any free port)
  --origin <origin>           a web page's origin that may connect, can be given again ('*' = all)
  --username <name>           default intersect_username
  --password <password>       default intersect_password
  --traffic                   print a line for every message that passes, without its payload
  --help, --version
`;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      'websocket-port': { type: 'string' },
      origin: { type: 'string', multiple: true },
      username: { type: 'string' },
      password: { type: 'string' },
      traffic: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.version) {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    say((JSON.parse(manifest) as { version: string }).version);
    return;
  }
  const { host, port, origin, username = 'intersect_username', password = 'intersect_password' } = values;
  const webSocketPort = values['websocket-port'];
  const broker = await startDevBroker({
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
    ...(webSocketPort !== undefined && { webSocketPort: Number(webSocketPort) }),
    ...(origin !== undefined && { origins: origin }),
    username,
    password,
  });
  say('INTERSECT development broker (MQTT 5). For development and tests only: in production use RabbitMQ.\n');
  say(`  TCP        ${broker.url}`);
  if (broker.webSocketUrl !== undefined) say(`  WebSocket  ${broker.webSocketUrl}`);
  say(`  username   ${username}`);
  say(`  password   ${values.password === undefined ? password : '(the one given)'}`);
  say('\nPoint a program at it with this broker configuration:\n');
  const shown = values.password === undefined ? password : '...';
  say(`  { "protocol": "mqtt5.0", "host": "${new URL(broker.url).hostname}", "port": ${broker.port},`);
  say(`    "username": "${username}", "password": "${shown}" }`);
  say('\nCtrl-C stops it; nothing is kept.');
  if (values.traffic) broker.onTraffic((event) => say(JSON.stringify(event)));

  const stop = (): void => {
    void broker.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write('See intersect-broker --help.\n');
  process.exitCode = 1;
});
