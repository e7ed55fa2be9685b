import { IntersectClient } from '@intersect-sdk/client';
import type { LoadedClientConfig } from '@intersect-sdk/config';
import { type KnownService, watchServices } from '@intersect-sdk/directory';
import type { ManagementAddress } from '../connect/management.js';

/** What was heard of services since this program runs, so that a page that is opened or loaded again begins with it. */
export interface KnownServices extends AsyncDisposable {
  readonly list: () => readonly KnownService[];
}

export interface ListenOptions {
  readonly signal: AbortSignal;
  /** Nothing may be sent. */
  readonly readOnly: boolean;
  /** Shows services before they say anything, and how many programs there are of each. */
  readonly management: ManagementAddress | undefined;
}

const SHUTDOWN_MS = 2_000;

/** Listens from now on. Rejects where no broker can be reached. */
export async function listenForServices(
  config: LoadedClientConfig,
  { signal, readOnly, management }: ListenOptions,
): Promise<KnownServices> {
  const client = new IntersectClient({ ...config, integers: 'bigint', shutdownTimeoutMs: SHUTDOWN_MS });
  await client.startup({ signal });
  const directory = watchServices(client, { asks: !readOnly, rabbitManagement: management });
  return {
    list: () => [...directory.services.values()],
    async [Symbol.asyncDispose]() {
      await directory.stop();
      await client.shutdown();
    },
  };
}
