import type { DataStore } from '@intersect-sdk/core';
import type { ResolvedDataStoreConfig } from '@intersect-sdk/core/internal';
import { importPackage } from './import-package.js';

/**
 * Makes the data store that a configuration describes. Its package is imported only now, so that only programs with a data store
 * install it.
 *
 * @throws ConfigError with every problem, or naming the package to install
 */
export async function storeFor(config: ResolvedDataStoreConfig): Promise<DataStore> {
  const { username, password } = config;
  const name = '@intersect-sdk/data-store-s3';
  const { s3Store } = await importPackage(
    {
      what: 'No data store for this configuration',
      path: 'dataStores.minio',
      needed: 'minio',
      packageName: name,
    },
    // biome-ignore lint/style/noRestrictedImports: loaded when a data store needs it, never before
    () => import('@intersect-sdk/data-store-s3'),
  );
  return s3Store({ url: urlOf(config), username, password });
}

/** A host without a scheme is reached without encryption, as in every SDK. */
function urlOf({ host, port }: ResolvedDataStoreConfig): string {
  const url = /^https?:\/\//.test(host) ? host : `http://${host}`;
  return port === undefined ? url : `${url.replace(/\/+$/, '')}:${port}`;
}
