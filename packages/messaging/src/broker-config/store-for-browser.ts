import { ConfigError, type DataStore } from '@intersect-sdk/core';

/**
 * Makes no data store, since the plain values of one hold a password and everybody who opens a page can read it.
 *
 * @throws ConfigError that says what a page uses instead
 */
export function storeFor(): Promise<DataStore> {
  const message =
    "is not for browsers: whoever opens the page could read the store's password. Use gatewayStore() of @intersect-sdk/data-gateway";
  return Promise.reject(
    new ConfigError('No data store for this configuration', [{ path: 'dataStores.minio', message }]),
  );
}
