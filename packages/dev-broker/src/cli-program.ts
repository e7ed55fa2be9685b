import { parseArgs } from 'node:util';
import { startDevBroker } from './broker.js';
import type { DevBrokerOptions } from './options.js';

const HELP = `intersect-broker: an MQTT 5 broker for development and tests only. In production use RabbitMQ.

  --host <address>            where to listen (default 127.0.0.1: this machine only)
  --port <number>             MQTT over TCP (default 1883, 0 = any free port)
  --websocket-port <number>   MQTT over WebSocket too (0 = any free port)
  --origin <origin>           a web page's origin that may connect; can be repeated ('*' = all)
  --username <name>           default intersect_username
  --password <password>       default intersect_password
  --traffic                   print a line for everything that passes, without payloads
  --help
`;

export interface CliSurroundings {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Ends the broker, and with it the program. */
  readonly signal: AbortSignal;
}

/** Runs the program until the signal ends it; answers the exit code. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  const { write, writeError, signal } = surroundings;
  const say = (line: string): void => write(`${line}\n`);
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'websocket-port': { type: 'string' },
        origin: { type: 'string', multiple: true },
        username: { type: 'string' },
        password: { type: 'string' },
        traffic: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      write(HELP);
      return 0;
    }
    const { host, port, origin, username = 'intersect_username', password } = values;
    const webSocketPort = values['websocket-port'];
    const options: DevBrokerOptions = {
      username,
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port: toNumber(port) }),
      ...(webSocketPort !== undefined && { webSocketPort: toNumber(webSocketPort) }),
      ...(origin !== undefined && { origins: origin }),
      ...(password !== undefined && { password }),
    };
    await using broker = await startDevBroker(options);
    const shown = password === undefined ? 'intersect_password' : '<the one you gave>';
    const url = new URL(broker.url);
    say(
      'INTERSECT development broker, MQTT 5. For development and tests only: in production use RabbitMQ.\n',
    );
    say(`  TCP        ${broker.url}`);
    if (broker.webSocketUrl !== undefined) say(`  WebSocket  ${broker.webSocketUrl}`);
    say(`  username   ${username}\n  password   ${shown}\n`);
    say('Point a program at it with this broker in its configuration:\n');
    say(`  { "protocol": "mqtt5.0", "host": "${url.hostname}", "port": ${url.port},`);
    say(`    "username": "${username}", "password": "${shown}" }\n`);
    say('Ctrl-C stops it. It keeps nothing.');
    if (values.traffic) broker.onTraffic((event) => say(JSON.stringify(event)));
    await aborted(signal);
    return 0;
  } catch (error) {
    writeError(`${error instanceof Error ? error.message : String(error)}\nSee intersect-broker --help.\n`);
    return 1;
  }
}

/** An empty argument is a mistake too, which `Number('')` would turn into port 0. */
const toNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
