import { ConfigError, type DataStore } from '@intersect-sdk/core';
import type { ResolvedDataStoreConfig } from '@intersect-sdk/core/internal';

/**
 * Makes the data store that a configuration describes. The package is imported only now, so that only programs with a data store install it.
 *
 * @throws ConfigError with every problem, or naming the package to install
 */
export async function storeFor(_config: ResolvedDataStoreConfig): Promise<DataStore> {
  throw new ConfigError('No data store can be made of a configuration yet', []);
}
