import type { IntersectClient } from '@intersect-sdk/client';
import type { LoadedClientConfig } from '@intersect-sdk/config';
import type { Frame } from '../frame/frame.js';
import type { BrokerChoice } from '../frame/options.js';
import { connectionFor } from './connection.js';

/** What works with a client is given. */
export interface Connected {
  readonly client: IntersectClient;
  readonly config: LoadedClientConfig;
}

const SHUTDOWN_MS = 2_000;

/** Connects, has the work done, and disconnects in order however the work ended. */
export async function withClient<T>(
  choice: BrokerChoice,
  { surroundings, output }: Frame,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  const [{ IntersectClient }, { config }] = await Promise.all([
    import('@intersect-sdk/client'),
    connectionFor(choice, surroundings),
  ]);
  const { signal } = surroundings;
  const { requestTimeoutMs = config.requestTimeoutMs } = choice;
  const client = new IntersectClient({
    ...config,
    requestTimeoutMs,
    integers: 'bigint',
    shutdownTimeoutMs: SHUTDOWN_MS,
    onReport: ({ message }) => output.progress(message),
  });
  output.progress(
    `Connecting to ${config.brokers.map(({ host, port }) => `${host}:${port}`).join(' and ')} ...`,
  );
  try {
    await client.startup({ signal });
    return await work({ client, config });
  } finally {
    await client.shutdown();
  }
}
