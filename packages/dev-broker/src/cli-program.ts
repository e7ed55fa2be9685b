import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startDevBroker } from './start-dev-broker.js';

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
export async function runCli(args: string[], surroundings: CliSurroundings): Promise<number> {
  const { write, writeError, signal } = surroundings;
  try {
    const { values } = parseArgs({
      args,
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'websocket-port': { type: 'string' },
        origin: { type: 'string', multiple: true },
        username: { type: 'string', default: 'intersect_username' },
        password: { type: 'string' },
        traffic: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      write(HELP);
      return 0;
    }
    const { host, username, password } = values;
    await using broker = await startDevBroker({
      host,
      port: toNumber(values.port),
      webSocketPort: toNumber(values['websocket-port']),
      origins: values.origin,
      username,
      password,
    });
    const shown = password === undefined ? 'intersect_password' : '<the one you gave>';
    const { hostname, port } = new URL(broker.url);
    write(`INTERSECT development broker, MQTT 5. For development and tests only: in production use RabbitMQ.

  TCP        ${broker.url}
  WebSocket  ${broker.webSocketUrl ?? 'no (--websocket-port)'}
  username   ${username}
  password   ${shown}

Point a program at it with this broker in its configuration:

  { "protocol": "mqtt5.0", "host": "${hostname}", "port": ${port},
    "username": "${username}", "password": "${shown}" }

Ctrl-C stops it. It keeps nothing.
`);
    if (values.traffic) broker.onTraffic((event) => write(`${JSON.stringify(event)}\n`));
    if (!signal.aborted) await once(signal, 'abort');
    return 0;
  } catch (error) {
    writeError(`${error instanceof Error ? error.message : String(error)}\nSee intersect-broker --help.\n`);
    return 1;
  }
}

/** An empty argument is a mistake too, which `Number('')` would turn into port 0. */
const toNumber = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text.trim() || Number.NaN);
