import { once } from 'node:events';
import { connectionFor } from '../connect/connection.js';
import { MANAGEMENT_HELP, managementOf } from '../connect/management.js';
import { wholeNumber } from '../frame/duration.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker } from '../frame/options.js';

interface ConsoleOptions extends BrokerChoice {
  readonly port: number;
  readonly readOnly?: boolean;
  readonly management?: string;
}

/** A page that shows what is on the network, and asks it; on this machine alone. */
export const consoleCommand: CommandFile = {
  declare(command, frame) {
    withBroker(command)
      .option('--port <port>', 'where to serve it; 0 for any free port', wholeNumber, 4080)
      .option('--read-only', 'look and never send: what the page wants to send is refused')
      .option('--management <url>', MANAGEMENT_HELP)
      .action((options: ConsoleOptions) => run(options, frame));
  },
};

async function run(options: ConsoleOptions, { output, surroundings }: Frame): Promise<void> {
  const [
    { serveConsole },
    { readPageFiles },
    { wayTo },
    { listenForServices },
    { jsonOf },
    { config, from },
  ] = await Promise.all([
    import('../console/console-server.js'),
    import('../console/page-files.js'),
    import('../console/way-to-brokers.js'),
    import('../console/known-services.js'),
    import('../outcome/json.js'),
    connectionFor(options, surroundings),
  ]);
  const { signal } = surroundings;
  const readOnly = options.readOnly === true;
  const management = managementOf(config.brokers[0], options.management);
  const files = await readPageFiles();
  const ways = await Promise.all(config.brokers.map((broker, index) => wayTo(broker, index, readOnly)));
  // Where the page logs in by itself, this program may not be able to.
  const isLoggedIn = ways.every(({ told }) => told.way === 'tunnel');
  await using known = isLoggedIn
    ? await listenForServices(config, { signal, readOnly, management })
    : undefined;
  const services = (): string => jsonOf(known?.list() ?? []);
  await using server = await serveConsole({ files, ways, readOnly, services, port: options.port });
  await output.result({ url: server.url }, `${server.url}\n`);
  const brokers = ways.map(({ told }) => told.name).join(' and ');
  output.note(
    `The console of ${brokers} (${from}), on this machine only; whoever has this link can use it. Ctrl+C stops it.`,
  );
  if (!signal.aborted) await once(signal, 'abort');
  signal.throwIfAborted();
}
