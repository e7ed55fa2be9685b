import type { DescriptionSource, IntersectClient } from '@intersect-sdk/client';
import type { Surroundings } from '../frame/surroundings.js';

/** Where the app `directory-service` stands, unless somebody moved it. */
const USUAL_ADDRESS = 'directory-organization.directory-facility.directory-system.-.directory-service';
/** A directory is asked on the way: one that is busy is not waited for. */
const TIMEOUT_MS = 500;

/**
 * What a running directory-service knows of services. It is asked only where it is up, so that nothing waits in the queue of one that is
 * gone. Which one, the variable INTERSECT_DIRECTORY says; empty: none.
 */
export function directorySource(client: IntersectClient, env: Surroundings['env']): DescriptionSource {
  const directory = env.INTERSECT_DIRECTORY ?? USUAL_ADDRESS;
  return {
    name: 'directory',
    async find(address, { signal }) {
      if (directory === '' || directory === address) return undefined;
      const options = { timeoutMs: TIMEOUT_MS, signal };
      const { state } = await client.ping(directory, options);
      if (state !== 'up') return undefined;
      const request = { destination: directory, operation: 'Directory.describe_service', payload: address };
      const known = (await client.request(request, options)) as Partial<Known> | null;
      const { schema, told_at: toldAt = '' } = known ?? {};
      const toldAtMs = Date.parse(toldAt);
      if (typeof schema !== 'object' || schema === null || Number.isNaN(toldAtMs)) return undefined;
      return { schema, toldAtMs };
    },
  };
}

/** As the directory-service answers. */
interface Known {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly told_at: string;
}
