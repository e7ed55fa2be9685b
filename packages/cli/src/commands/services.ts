import type { KnownService, ServiceDirectory } from '@intersect-sdk/directory';
import { MANAGEMENT_HELP, managementOf } from '../connect/management.js';
import { type Connected, withClient } from '../connect/with-client.js';
import { durationMs } from '../frame/duration.js';
import type { CommandFile, Frame } from '../frame/frame.js';
import { type BrokerChoice, withBroker } from '../frame/options.js';
import { SchemaCache } from '../schemas/schema-cache.js';

interface ServicesOptions extends BrokerChoice {
  readonly watch?: boolean;
  readonly wait: number;
  readonly management?: string;
}

/** Which services there are: from RabbitMQ's management interface at once, where it may be read, and from what services tell by themselves. */
export const services: CommandFile = {
  declare(command, frame) {
    withBroker(command)
      .option(
        '--wait <time>',
        'how long to listen; services tell of themselves every five minutes or so',
        durationMs,
        durationMs('3s'),
      )
      .option('--watch', 'go on, and print each change')
      .option('--management <url>', MANAGEMENT_HELP)
      .action((options: ServicesOptions) =>
        withClient(options, frame, (connected) => list(connected, options, frame)),
      );
  },
};

async function list({ client, config }: Connected, options: ServicesOptions, frame: Frame): Promise<void> {
  const { watchServices } = await import('@intersect-sdk/directory');
  const { output, surroundings } = frame;
  const { signal } = surroundings;
  const rabbitManagement = managementOf(config.brokers[0], options.management);
  if (!rabbitManagement) {
    output.progress(
      "RabbitMQ's management interface is not asked, since nobody said where it is: --management URL.",
    );
  }
  await using directory = watchServices(client, { rabbitManagement, signal });
  await directory.ready;
  output.progress(`Listening for ${options.wait / 1_000} s.`);
  if (options.watch) {
    // Awaited here, since the directory ends with this function.
    await watch(directory, { config, frame });
    return;
  }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, options.wait);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  signal.throwIfAborted();
  const known = [...directory.services.values()].sort((a, b) => a.address.localeCompare(b.address));
  for (const service of known) await remember(service, { config, frame });
  await output.result({ services: known.map(shortOf) }, known.map(lineOf).join(''));
}

interface Place {
  readonly config: Connected['config'];
  readonly frame: Frame;
}

/** Prints what is known already, then each change until the person stops it. */
async function watch(directory: ServiceDirectory, place: Place): Promise<void> {
  const { output, surroundings } = place.frame;
  const { signal } = surroundings;
  const changes = directory.changes();
  for (const service of directory.services.values()) {
    await output.result({ kind: 'appeared', ...shortOf(service) }, `appeared\t${lineOf(service)}`);
  }
  try {
    for await (const { kind, service } of changes) {
      await remember(service, place);
      await output.result({ kind, ...shortOf(service) }, `${kind}\t${lineOf(service)}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  signal.throwIfAborted();
}

/** What was seen here need not be asked for by the next call. */
async function remember({ address, schema }: KnownService, { config, frame }: Place): Promise<void> {
  if (schema) await new SchemaCache(frame.surroundings.env, config).write(address, schema);
}

function shortOf({
  address,
  state,
  sinceMs,
  lastSeenMs,
  foundBy,
  blockedKeys,
  instances,
  reason,
}: KnownService) {
  return {
    address,
    state,
    since: new Date(sinceMs).toISOString(),
    lastSeen: lastSeenMs === undefined ? null : new Date(lastSeenMs).toISOString(),
    foundBy,
    blockedKeys,
    instances: instances ?? null,
    reason: reason ?? null,
  };
}

function lineOf({ address, state, lastSeenMs }: KnownService): string {
  const seen = lastSeenMs === undefined ? '' : `\tseen ${new Date(lastSeenMs).toISOString()}`;
  return `${state}\t${address}${seen}\n`;
}
