import { IntersectClient } from '@intersect-sdk/client';
import type { LoadedClientConfig } from '@intersect-sdk/config';
import { type KnownService, watchServices } from '@intersect-sdk/directory';

/** What was heard of services since this program runs, so that a page that is opened or loaded again begins with it. */
export interface KnownServices extends AsyncDisposable {
  readonly list: () => readonly KnownService[];
}

export interface ListenOptions {
  readonly signal: AbortSignal;
  /** Nothing may be sent. */
  readonly readOnly: boolean;
}

const SHUTDOWN_MS = 2_000;

const THIS_MACHINE = new Set(['127.0.0.1', 'localhost', '::1']);

/** Listens from now on. Rejects where no broker can be reached. */
export async function listenForServices(
  config: LoadedClientConfig,
  { signal, readOnly }: ListenOptions,
): Promise<KnownServices> {
  const client = new IntersectClient({ ...config, integers: 'bigint', shutdownTimeoutMs: SHUTDOWN_MS });
  await client.startup({ signal });
  const directory = watchServices(client, { asks: !readOnly, rabbitManagement: managementOf(config) });
  return {
    list: () => [...directory.services.values()],
    async [Symbol.asyncDispose]() {
      await directory.stop();
      await client.shutdown();
    },
  };
}

/**
 * RabbitMQ's management interface, which shows services before they say anything, and how many programs there are of each. It is asked with the
 * broker's password over plain HTTP, so only on this machine.
 */
function managementOf({ brokers }: LoadedClientConfig) {
  const [{ host = '', username = '', password = '', vhost = '/' } = {}] = brokers;
  if (!THIS_MACHINE.has(host)) return undefined;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:15672`, username, password, vhost };
}
