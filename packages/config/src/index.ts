export type { DataStoreConfig, DataStoresConfig } from '@intersect-sdk/core';
export type { BrokerConfig, BrokerProtocol, BrokerTls, ResolvedBrokerConfig } from './broker-config.js';
export type { Environment } from './environment.js';
export type { LoadOptions } from './load.js';
export { loadClientConfig, loadServiceConfig } from './load.js';
export type {
  LoadedClientConfig,
  LoadedConnections,
  LoadedEventSelector,
  LoadedMessage,
  LoadedServiceConfig,
} from './loaded-config.js';
